/* SPDX-License-Identifier: MIT
 *
 * Requests and their ways to the driver and back. Who waits for a request asks the driver for
 * answers when the device has interrupted, for himself and for the others.
 */
#include <arch/boot_info.h>
#include <kernel/block/block_proxies.h>
#include <kernel/block/disk.h>
#include <kernel/boundary/core_call_impl.h>
#include <kernel/boundary/own_memory.h>
#include <kernel/boundary/service.h>
#include <kernel/device/device.h>
#include <kernel/lib/errno.h>
#include <kernel/log/log.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/time/time.h>

#define REQUESTS_MAX 32u /* under way, of one disk */
/* How often a request is handed over anew when its driver fell. */
#define TRIES_MAX 4u
/* A device that does not answer for so long is given up. */
#define PATIENCE 20 /* seconds; the boot option disk-patience= says otherwise */

struct request {
	enum block_action action;
	uint64_t offset, size;
	const paddr_t *pages;
	uint64_t tag;
	uint64_t epoch; /* of the device, when it was lent to it last; device lock */
	bool lent;      /* since then; device lock */
	bool given;     /* the driver has it */
	uint32_t tries;
	volatile bool done;
	int error; /* when done */
};

struct disk {
	struct device *device;
	struct service *driver;
	struct block_info info;
	struct mutex lock; /* the requests, and calls of the driver about this disk; before the
	                    * device's lock */
	struct request *requests[REQUESTS_MAX];
	uint64_t epoch; /* of the device, after it was made ready; 0: it is not */
	uint64_t next_tag;
	const struct service *holder; /* of a file system on it; atomic */
	bool writable;                /* by the holder */
	struct wait_queue room;       /* a request came to its end */
};

static struct disk disks[DISKS_MAX];
static unsigned int disk_count;
static uint64_t patience = PATIENCE; /* seconds */

struct disk *disk_by_number(uint32_t number)
{
	return number < disk_count ? &disks[number] : NULL;
}

uint64_t disk_size(const struct disk *disk)
{
	return disk->info.size;
}

bool disk_is_read_only(const struct disk *disk)
{
	return disk->info.read_only != 0;
}

int disk_make_writable(struct disk *disk, bool writable)
{
	if (writable && disk_is_read_only(disk))
		return -EROFS;
	__atomic_store_n(&disk->writable, writable, __ATOMIC_RELEASE);
	return 0;
}

int disk_hold(struct disk *disk, const struct service *service, bool writable)
{
	const struct service *nobody = NULL;

	if (writable && disk_is_read_only(disk))
		return -EROFS;
	if (!__atomic_compare_exchange_n(&disk->holder, &nobody, service, false, __ATOMIC_ACQ_REL,
	                                 __ATOMIC_RELAXED))
		return -EBUSY;
	return disk_make_writable(disk, writable);
}

void disk_let_go(struct disk *disk)
{
	__atomic_store_n(&disk->writable, false, __ATOMIC_RELEASE);
	__atomic_store_n(&disk->holder, NULL, __ATOMIC_RELEASE);
}

bool disk_is_held(const struct disk *disk)
{
	return __atomic_load_n(&disk->holder, __ATOMIC_ACQUIRE) != NULL;
}

bool disk_is_held_by(const struct disk *disk, const struct service *service)
{
	return __atomic_load_n(&disk->holder, __ATOMIC_ACQUIRE) == service;
}

bool disk_may_be_written(const struct disk *disk)
{
	return __atomic_load_n(&disk->writable, __ATOMIC_ACQUIRE);
}

/* ---- with the disk's lock ---- */

/* Whether the device has it: then its memory is not the caller's yet. */
static bool is_lent(const struct disk *disk, const struct request *request)
{
	return request->lent && request->epoch == disk->device->epoch;
}

/* Stop the device: nothing is lent to it any more. */
static void stop(struct disk *disk)
{
	mutex_lock(&disk->device->lock);
	device_stop(disk->device);
	mutex_unlock(&disk->device->lock);
}

static void end(struct disk *disk, struct request *request, int error)
{
	/* Whatever the driver says of it: the caller gets its memory back when nobody else has it.
	 */
	if (is_lent(disk, request))
		stop(disk);
	disk->requests[request->tag % REQUESTS_MAX] = NULL;
	request->error = error;
	__atomic_store_n(&request->done, true, __ATOMIC_RELEASE);
	wake_all(&disk->room);
	wake_all(&disk->device->answered);
}

/* Whether the device was reset since it was made ready: by its driver's repair, or because it was
 * given up. */
static bool is_ready(const struct disk *disk)
{
	return disk->epoch != 0 && disk->epoch == disk->device->epoch;
}

/* Make the device ready: what the driver had is to be handed over anew. */
static int attach(struct disk *disk)
{
	struct block_info info;
	long result = block_attach(disk->driver, disk->device->unit, &info);

	if (result)
		return (int)result;
	if (disk->info.size && info.size != disk->info.size)
		log_line("disk %u: %lu bytes were %lu before", (uint32_t)(disk - disks), info.size,
		         disk->info.size);
	disk->info = info;
	disk->epoch = disk->device->epoch;
	for (unsigned int i = 0; i < REQUESTS_MAX; i++)
		if (disk->requests[i])
			disk->requests[i]->given = false;
	return 0;
}

/* Nothing can be done any more for what is under way. */
static void give_up(struct disk *disk, int error)
{
	stop(disk);
	for (unsigned int i = 0; i < REQUESTS_MAX; i++)
		if (disk->requests[i])
			end(disk, disk->requests[i], error);
}

/* One request to the driver: 0, or what keeps the others back too. */
static int submit(struct disk *disk, struct request *request)
{
	const struct block_request said = {
	        .tag = request->tag, .offset = request->offset, .action = request->action};
	long result;

	if (request->tries++ >= TRIES_MAX) {
		end(disk, request, -EIO);
		return 0;
	}
	result = block_submit(disk->driver, disk->device->unit, &said);
	if (result == -EAGAIN)
		request->tries--;
	else if (result == 0 && is_lent(disk, request))
		request->given = true;
	else if (result != -EIO && is_ready(disk))
		end(disk, request, result ? (int)result : -EIO);
	return (int)result;
}

static int submit_all(struct disk *disk)
{
	int error = 0;

	for (unsigned int i = 0; i < REQUESTS_MAX && !error; i++)
		if (disk->requests[i] && !disk->requests[i]->given)
			error = submit(disk, disk->requests[i]);
	return error == -EAGAIN ? 0 : error;
}

/* The driver says that a request has come to its end: it is believed when the device has given the
 * request back. */
static void answer(struct disk *disk, const struct block_answer *said)
{
	struct request *request = disk->requests[said->tag % REQUESTS_MAX];

	if (request && request->tag == said->tag && request->given && !is_lent(disk, request))
		end(disk, request, (int)said->result);
}

static int collect_all(struct disk *disk)
{
	struct block_answer answers[8];
	long count;

	do {
		count = block_collect(disk->driver, disk->device->unit, answers, sizeof(answers));
		for (long i = 0; i < count; i++)
			answer(disk, &answers[i]);
	} while (count == (long)(sizeof(answers) / sizeof(answers[0])));
	return count < 0 ? (int)count : 0;
}

/* Bring everything under way as far as it will go. A driver that fell on the way is made ready
 * again once more; one that is out of service is not. */
static void settle(struct disk *disk)
{
	for (unsigned int i = 0; i < TRIES_MAX * 2; i++) {
		int error = is_ready(disk) ? 0 : attach(disk);

		if (!error)
			error = submit_all(disk);
		if (!error)
			error = collect_all(disk);
		if (!error && is_ready(disk))
			return;
		/* An answer that was no fall: the device is not what it should be. */
		if (error && is_ready(disk))
			stop(disk);
	}
	give_up(disk, -EIO);
}

static bool enter(struct disk *disk, struct request *request)
{
	for (unsigned int i = 0; i < REQUESTS_MAX; i++) {
		uint64_t tag = disk->next_tag++;

		if (disk->requests[tag % REQUESTS_MAX])
			continue;
		request->tag = tag;
		disk->requests[tag % REQUESTS_MAX] = request;
		return true;
	}
	return false;
}

/* ---- for callers ---- */

/* Wait until there is room among the requests, and take it. */
static void begin(struct disk *disk, struct request *request)
{
	bool entered = false;

	while (!entered) {
		uint32_t tag;

		mutex_lock(&disk->lock);
		entered = enter(disk, request);
		if (entered)
			settle(disk);
		tag = (uint32_t)disk->next_tag % REQUESTS_MAX;
		mutex_unlock(&disk->lock);
		if (!entered)
			WAIT_UNTIL(&disk->room, !disk->requests[tag], WAIT_PLAIN, WAIT_FOREVER);
	}
}

static uint32_t interrupts_of(const struct device *device)
{
	return __atomic_load_n(&device->interrupts, __ATOMIC_ACQUIRE);
}

/* Whether there is something to see to, or nothing to wait for. */
static bool may_go_on(const struct disk *disk, const struct request *request, uint32_t seen)
{
	return request->done || interrupts_of(disk->device) != seen || !is_ready(disk);
}

static int run(struct disk *disk, struct request *request)
{
	uint64_t deadline = time_now() + patience * NS_PER_SECOND;
	uint32_t seen = interrupts_of(disk->device);

	begin(disk, request);
	while (!__atomic_load_n(&request->done, __ATOMIC_ACQUIRE)) {
		int late = WAIT_UNTIL(&disk->device->answered, may_go_on(disk, request, seen),
		                      WAIT_PLAIN, deadline);

		seen = interrupts_of(disk->device);
		mutex_lock(&disk->lock);
		if (request->done) {
			/* Another who waited has seen to it. */
		} else if (late == -ETIMEDOUT) {
			log_line("disk %u: no answer from the device", (uint32_t)(disk - disks));
			give_up(disk, -EIO);
		} else {
			settle(disk);
		}
		mutex_unlock(&disk->lock);
	}
	return request->error;
}

int disk_transfer(struct disk *disk, enum block_action action, uint64_t offset, uint64_t size,
                  const paddr_t *pages)
{
	struct request request = {.action = action, .offset = offset, .size = size, .pages = pages};

	if (size == 0 || size > TRANSFER_MAX - pages[0] % PAGE_SIZE || offset % BLOCK_SECTOR ||
	    size % BLOCK_SECTOR || offset > disk->info.size || size > disk->info.size - offset)
		return -EINVAL;
	if (action == BLOCK_WRITE && disk_is_read_only(disk))
		return -EROFS;
	return run(disk, &request);
}

int disk_discard(struct disk *disk, uint64_t offset, uint64_t size)
{
	uint64_t most = disk->info.discard_max / BLOCK_SECTOR * BLOCK_SECTOR, piece;
	paddr_t page;
	int error = 0;

	if (offset % BLOCK_SECTOR || size % BLOCK_SECTOR || offset > disk->info.size ||
	    size > disk->info.size - offset)
		return -EINVAL;
	if (disk_is_read_only(disk))
		return -EROFS;
	if (most == 0)
		return -EOPNOTSUPP;
	/* Of its own: a device that does not stop keeps it for good. */
	page = page_alloc(core_rights.pages, 0);
	if (!page)
		return -ENOMEM;
	for (; !error && size; offset += piece, size -= piece) {
		struct block_range *range = phys_to_virt(page);
		struct request request = {
		        .action = BLOCK_DISCARD, .size = sizeof(*range), .pages = &page};

		piece = size < most ? size : most;
		*range = (struct block_range){.first = offset / BLOCK_SECTOR,
		                              .count = (uint32_t)(piece / BLOCK_SECTOR)};
		error = run(disk, &request);
	}
	page_put(core_rights.pages, page);
	return error;
}

int disk_flush(struct disk *disk)
{
	struct request request = {.action = BLOCK_FLUSH};

	return disk->info.can_flush ? run(disk, &request) : 0;
}

/* ---- for kernel/device ---- */

static struct request *request_of(const struct device *device, uint64_t tag)
{
	for (unsigned int i = 0; i < disk_count; i++) {
		struct request *request = disks[i].requests[tag % REQUESTS_MAX];

		if (disks[i].device == device)
			return request && request->tag == tag ? request : NULL;
	}
	return NULL;
}

static int lend(const struct device *device, uint64_t tag, struct queue_segment *segments)
{
	struct request *request = request_of(device, tag);
	uint64_t left;
	int count = 0;

	if (!request || (request->lent && request->epoch == device->epoch))
		return -EINVAL;
	for (left = request->size; left; count++) {
		uint64_t piece = PAGE_SIZE - request->pages[count] % PAGE_SIZE;

		if (piece > left)
			piece = left;

		segments[count] = (struct queue_segment){request->pages[count], (uint32_t)piece,
		                                         request->action == BLOCK_READ};
		left -= piece;
	}
	request->lent = true;
	request->epoch = device->epoch;
	return count;
}

static void withdraw(const struct device *device, uint64_t tag)
{
	struct request *request = request_of(device, tag);

	if (request)
		request->lent = false;
}

static void give_back(const struct device *device, uint64_t tag, uint32_t written)
{
	(void)written;
	withdraw(device, tag);
}

static void keep_lent(const struct device *device)
{
	for (unsigned int i = 0; i < DISKS_MAX * REQUESTS_MAX; i++) {
		const struct disk *disk = &disks[i / REQUESTS_MAX];
		const struct request *request = disk->requests[i % REQUESTS_MAX];
		uint64_t end;

		if (disk->device != device || !request || !is_lent(disk, request) || !request->size)
			continue;
		end = request->pages[0] % PAGE_SIZE + request->size;
		for (uint64_t at = 0; at < end; at += PAGE_SIZE) {
			paddr_t page = PAGE_ALIGN_DOWN(request->pages[at / PAGE_SIZE]);

			/* The first page of a run keeps the others, which have no reference. */
			if (page_references(page) > 0)
				page_get(core_rights.pages, page);
		}
	}
}

static const struct device_transfers disk_transfers = {
        .lend = lend,
        .withdraw = withdraw,
        .give_back = give_back,
        .keep_lent = keep_lent,
};

/* ---- start ---- */

static void add(struct device *device)
{
	struct disk *disk = &disks[disk_count];
	int error;

	disk->device = device;
	device->transfers = &disk_transfers;
	disk->driver = device->driver;
	mutex_init(&disk->lock);
	wait_queue_init(&disk->room);
	/* Known before it is made ready: the driver asks for its device. */
	disk_count++;
	mutex_lock(&disk->lock);
	error = attach(disk);
	mutex_unlock(&disk->lock);
	if (error)
		log_line("disk %u: the driver cannot make it ready: %d", disk_count - 1, -error);
	else
		log_line("disk %u: %lu bytes%s", disk_count - 1, disk->info.size,
		         disk->info.read_only ? ", read-only" : "");
}

static void read_patience(void)
{
	char option[8];

	if (!boot_option_value("disk-patience", option, sizeof(option)))
		return;
	patience = 0;
	for (const char *digit = option; *digit >= '0' && *digit <= '9'; digit++)
		patience = patience * 10 + (uint64_t)(*digit - '0');
	if (patience == 0)
		panic("disk-patience=%s: a number of seconds from 1 on is wanted", option);
}

void disks_start(void)
{
	read_patience();
	for (unsigned int i = 0; i < service_count; i++) {
		struct device *device;

		if (services[i].drives != VIRTIO_BLOCK)
			continue;
		for (uint32_t unit = 0; (device = device_of(&services[i], unit)); unit++)
			if (disk_count < DISKS_MAX)
				add(device);
	}
}

int core_do_core_block_info(uint32_t number, struct block_info *info)
{
	const struct disk *disk = disk_by_number(number);

	if (!disk)
		return -ENODEV;
	if (copy_to_service(info, &disk->info, sizeof(*info)))
		panic_caller(CAUSE_wild, "a disk asked about at a bad address");
	return 0;
}
