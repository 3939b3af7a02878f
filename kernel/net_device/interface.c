/* SPDX-License-Identifier: MIT
 *
 * Frames on their ways to the driver and back. A thread for each interface sees to what the device
 * tells by its interrupt; who sends sees to it that the driver hears of it.
 */
#include <arch/entropy.h>
#include <kernel/boundary/core_info.h>
#include <kernel/boundary/own_memory.h>
#include <kernel/boundary/service.h>
#include <kernel/device/device.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <kernel/net_device/interface.h>
#include <kernel/net_device/interface_frames.h>
#include <kernel/net_device/net_device_proxies.h>
#include <kernel/proc/thread.h>
#include <kernel/time/time.h>

/* How often a frame is handed over anew when its driver fell. */
#define TRIES_MAX 4u
/* A device that keeps a frame for so long is reset. QEMU's keep them for well under a millisecond.
 */
#define PATIENCE (5 * NS_PER_SECOND)
/* How often is looked whether one keeps frames too long, or can be made ready again. */
#define INTERVAL NS_PER_SECOND

/* Of a random address (IEEE 802.3, 3.2.3): it is one station's, and nobody has assigned it. */
#define MAC_GROUP 1u
#define MAC_LOCAL 2u

struct interface {
	struct device *device;
	struct service *driver;
	struct mutex lock; /* calls of the driver about this interface; before the frames' lock */
	struct mutex frames_lock; /* before the device's lock */
	struct frames frames;
	struct interface_info info; /* frames_lock */
	bool tells_link;
	uint64_t epoch;      /* of the device, after it was made ready; 0: it is not */
	uint32_t generation; /* of its configuration, when the link was asked for last */
	bool down;           /* it could not be made ready */
};

static struct interface interfaces[INTERFACES_MAX];
static void (*arrived)(void);
static unsigned int interface_count;

struct frames *interface_frames_of(const struct device *device)
{
	for (unsigned int i = 0; i < interface_count; i++)
		if (interfaces[i].device == device)
			return &interfaces[i].frames;
	return NULL;
}

/* Whether the device was reset since it was made ready: by its driver's repair, or because it was
 * given up. */
static bool is_ready(const struct interface *interface)
{
	return interface->epoch != 0 && interface->epoch == interface->device->epoch;
}

/* ---- with the frames' lock ---- */

/* The device is done with it. What arrived and is no frame is room for the next. */
static void end(struct interface *interface, unsigned int number, int64_t result)
{
	struct frame *frame = &interface->frames.all[number];
	struct interface_counts *counts =
	        frame_is_to_send(number) ? &interface->info.sent : &interface->info.received;

	frame->returned = false;
	frame->tries = 0;
	frame->state = FRAME_ENDED;
	if (result || frame->size < FRAME_SIZE_MIN || frame->size > FRAME_SIZE_MAX) {
		counts->errors++;
		if (!frame_is_to_send(number))
			frame->state = FRAME_READY;
	} else {
		counts->frames++;
		counts->bytes += frame->size;
	}
	if (frame_is_to_send(number))
		frames_retire(&interface->frames);
}

/* The device has forgotten all: what it had given back is done, the rest is handed over anew. */
static void begin_anew(struct interface *interface)
{
	for (unsigned int i = 0; i < FRAMES; i++) {
		struct frame *frame = &interface->frames.all[i];

		if (frame->state != FRAME_GIVEN)
			continue;
		if (frame->returned)
			end(interface, i, 0);
		else
			frame->state = FRAME_READY;
	}
}

/* The next that the driver is to be given, or FRAMES: frames to be sent in their order. */
static unsigned int next_ready(const struct interface *interface, bool to_send)
{
	const struct frames *frames = &interface->frames;
	unsigned int count = to_send ? frames->count : FRAMES_EACH;

	for (unsigned int i = 0; i < count; i++) {
		unsigned int number = to_send ? frames_to_send(frames, i) : i;

		if (frames->all[number].state == FRAME_READY)
			return number;
	}
	return FRAMES;
}

/* Whether the device has kept a frame for too long. */
static bool is_late(const struct interface *interface)
{
	for (unsigned int i = 0; i < interface->frames.count; i++) {
		const struct frame *frame =
		        &interface->frames.all[frames_to_send(&interface->frames, i)];

		if (frame->state == FRAME_GIVEN && time_now() - frame->given_at > PATIENCE)
			return true;
	}
	return false;
}

/* ---- with the interface's lock ---- */

static void stop(struct interface *interface)
{
	mutex_lock(&interface->device->lock);
	device_stop(interface->device);
	mutex_unlock(&interface->device->lock);
}

static void set_link(struct interface *interface, bool up)
{
	if (interface->info.link_up == up)
		return;
	interface->info.link_up = up;
	log_line("%s: link %s", interface->info.name, up ? "up" : "down");
}

/* Make the device ready. */
static int attach(struct interface *interface)
{
	struct net_device_info info;
	long result = net_device_attach(interface->driver, interface->device->unit, &info);

	if (result)
		return (int)result;
	mutex_lock(&interface->frames_lock);
	if (info.has_mac)
		memcpy(interface->info.mac, info.mac, MAC_SIZE);
	interface->tells_link = info.tells_link;
	set_link(interface, info.link_up);
	begin_anew(interface);
	interface->epoch = interface->device->epoch;
	interface->generation = device_generation(interface->device);
	mutex_unlock(&interface->frames_lock);
	return 0;
}

/* Whether a frame that was to be handed over is not, and will not be: the driver says so, or says
 * that it was, or fell at it again and again. */
static bool was_refused(const struct interface *interface, struct frame *frame, long result)
{
	if (frame_is_lent(interface->device, frame) || frame->returned) {
		frame->tries = 0;
		return false;
	}
	return result == -EIO ? ++frame->tries >= TRIES_MAX : is_ready(interface);
}

/* What is to be sent is given up; what is to be filled waits for a driver that takes it. */
static long refuse(struct interface *interface, unsigned int number)
{
	if (frame_is_to_send(number)) {
		end(interface, number, -EIO);
		return 0;
	}
	interface->frames.all[number].state = FRAME_READY;
	return -EIO;
}

/* A frame to the driver: 0, or what keeps the others back too. */
static int give(struct interface *interface, unsigned int number)
{
	struct frame *frame = &interface->frames.all[number];
	long result;

	mutex_lock(&interface->frames_lock);
	frame->state = FRAME_GIVEN;
	frame->returned = false;
	frame->given_at = time_now();
	mutex_unlock(&interface->frames_lock);
	result = frame_is_to_send(number)
	                 ? net_device_transmit(interface->driver, interface->device->unit, number)
	                 : net_device_refill(interface->driver, interface->device->unit, number);
	mutex_lock(&interface->frames_lock);
	if (result == -EAGAIN)
		frame->state = FRAME_READY;
	else if (was_refused(interface, frame, result))
		result = refuse(interface, number);
	mutex_unlock(&interface->frames_lock);
	return (int)result;
}

static int give_all(struct interface *interface, bool to_send)
{
	int error = 0;

	while (!error) {
		unsigned int number;

		mutex_lock(&interface->frames_lock);
		number = next_ready(interface, to_send);
		mutex_unlock(&interface->frames_lock);
		if (number == FRAMES)
			break;
		error = give(interface, number);
	}
	return error == -EAGAIN ? 0 : error;
}

/* The driver says that the device is done with a frame: it is believed when the device has given
 * the frame back. */
static void answer(struct interface *interface, const struct net_device_answer *said)
{
	const struct frame *frame;

	if (said->tag >= FRAMES)
		return;
	frame = &interface->frames.all[said->tag];
	if (frame->state == FRAME_GIVEN && frame->returned)
		end(interface, (unsigned int)said->tag, said->result);
}

static int collect_all(struct interface *interface)
{
	struct net_device_answer answers[32];
	long count;

	do {
		count = net_device_collect(interface->driver, interface->device->unit, answers,
		                           sizeof(answers));
		mutex_lock(&interface->frames_lock);
		for (long i = 0; i < count; i++)
			answer(interface, &answers[i]);
		mutex_unlock(&interface->frames_lock);
	} while (count == (long)(sizeof(answers) / sizeof(answers[0])));
	return count < 0 ? (int)count : 0;
}

/* What of the configuration may change is the link. */
static int ask_for_link(struct interface *interface)
{
	uint32_t generation = device_generation(interface->device);
	long up;

	if (!interface->tells_link || generation == interface->generation)
		return 0;
	up = net_device_link(interface->driver, interface->device->unit);
	if (up < 0)
		return (int)up;
	mutex_lock(&interface->frames_lock);
	interface->generation = generation;
	set_link(interface, up != 0);
	mutex_unlock(&interface->frames_lock);
	return 0;
}

/* What a full queue kept back goes out when the device has given something back. */
static int go_through(struct interface *interface)
{
	int error = is_ready(interface) ? 0 : attach(interface);

	if (!error)
		error = collect_all(interface);
	if (!error)
		error = give_all(interface, true);
	if (!error)
		error = give_all(interface, false);
	if (!error)
		error = collect_all(interface);
	return error ? error : ask_for_link(interface);
}

/* Bring everything under way as far as it will go. A driver that fell on the way is made ready
 * again; one that is out of service is not. */
static void settle(struct interface *interface)
{
	for (unsigned int i = 0; i < TRIES_MAX * 2; i++) {
		int error = go_through(interface);

		if (!error && is_ready(interface)) {
			interface->down = false;
			return;
		}
		/* An answer that was no fall: the device is not what it should be. */
		if (error && is_ready(interface))
			stop(interface);
	}
	interface->down = true;
	mutex_lock(&interface->frames_lock);
	set_link(interface, false);
	mutex_unlock(&interface->frames_lock);
}

/* ---- for callers ---- */

static struct interface *by_number(unsigned int number)
{
	return number < interface_count ? &interfaces[number] : NULL;
}

int interface_describe(unsigned int number, struct interface_info *info)
{
	struct interface *interface = by_number(number);

	if (!interface)
		return -ENODEV;
	mutex_lock(&interface->frames_lock);
	*info = interface->info;
	mutex_unlock(&interface->frames_lock);
	return 0;
}

/* With the frames' lock. */
static int accept(struct interface *interface, const void *bytes, uint64_t size)
{
	struct frame *frame;
	int error;

	if (size < FRAME_SIZE_MIN || size > FRAME_SIZE_MAX)
		return -EINVAL;
	if (!interface->info.link_up)
		return -ENETDOWN;
	frame = frames_begin(&interface->frames);
	if (!frame)
		return -ENOBUFS;
	error = copy_from_service(frame_bytes(frame), bytes, size);
	frame->size = (uint32_t)size;
	if (error) {
		frame->state = FRAME_ENDED;
		frames_retire(&interface->frames);
	}
	return error;
}

int interface_send(unsigned int number, const void *bytes, uint64_t size)
{
	struct interface *interface = by_number(number);
	int error;

	if (!interface)
		return -ENODEV;
	mutex_lock(&interface->frames_lock);
	error = accept(interface, bytes, size);
	if (error)
		interface->info.sent.dropped++;
	mutex_unlock(&interface->frames_lock);
	return error;
}

int interface_receive(unsigned int number, void *bytes, uint64_t size)
{
	struct interface *interface = by_number(number);
	struct frame *frame;
	int result = 0;

	if (!interface)
		return -ENODEV;
	mutex_lock(&interface->frames_lock);
	frame = frames_arrived(&interface->frames);
	if (frame) {
		result = (int)frame->size;
		if (frame->size > size)
			result = -EINVAL;
		else if (copy_to_service(bytes, frame_bytes(frame), frame->size))
			result = -EFAULT;
		if (result < 0)
			interface->info.received.dropped++;
		frame->state = FRAME_READY;
	}
	mutex_unlock(&interface->frames_lock);
	return result;
}

void interfaces_push(void)
{
	for (unsigned int i = 0; i < interface_count; i++) {
		struct interface *interface = &interfaces[i];

		if (next_ready(interface, true) == FRAMES && next_ready(interface, false) == FRAMES)
			continue;
		mutex_lock(&interface->lock);
		settle(interface);
		mutex_unlock(&interface->lock);
	}
}

/* ---- the thread ---- */

static uint32_t interrupts_of(const struct interface *interface)
{
	return __atomic_load_n(&interface->device->interrupts, __ATOMIC_ACQUIRE);
}

static void look_after(struct interface *interface)
{
	bool late;

	mutex_lock(&interface->lock);
	mutex_lock(&interface->frames_lock);
	late = is_late(interface);
	mutex_unlock(&interface->frames_lock);
	if (late) {
		log_line("%s: the device keeps frames and is reset", interface->info.name);
		stop(interface);
	}
	settle(interface);
	mutex_unlock(&interface->lock);
}

static void run(void *argument)
{
	struct interface *interface = argument;
	uint32_t seen = 0;

	for (;;) {
		WAIT_UNTIL(&interface->device->answered,
		           interrupts_of(interface) != seen ||
		                   (!is_ready(interface) && !interface->down),
		           WAIT_PLAIN, time_now() + INTERVAL);
		seen = interrupts_of(interface);
		look_after(interface);
		arrived();
		interfaces_push();
	}
}

/* ---- start ---- */

static void make_address(uint8_t mac[MAC_SIZE])
{
	uint64_t word = entropy_u64();

	memcpy(mac, &word, MAC_SIZE);
	mac[0] = (uint8_t)((mac[0] & ~MAC_GROUP) | MAC_LOCAL);
}

static void add(struct device *device)
{
	struct interface *interface = &interfaces[interface_count];
	const uint8_t *mac = interface->info.mac;
	struct thread *thread = thread_create("network", run, interface);

	if (!thread || frames_make(&interface->frames)) {
		log_line("no memory for eth%u", interface_count);
		return;
	}
	format(interface->info.name, sizeof(interface->info.name), "eth%u", interface_count);
	interface->device = device;
	interface->driver = device->driver;
	mutex_init(&interface->lock);
	mutex_init(&interface->frames_lock);
	make_address(interface->info.mac);
	device->transfers = &frame_transfers;
	interface_count++;
	mutex_lock(&interface->lock);
	settle(interface);
	mutex_unlock(&interface->lock);
	log_line("%s: %02x:%02x:%02x:%02x:%02x:%02x%s", interface->info.name, mac[0], mac[1],
	         mac[2], mac[3], mac[4], mac[5],
	         is_ready(interface) ? "" : ": the driver cannot make it ready");
	thread_start(thread);
}

void interfaces_start(void (*take_arrived)(void))
{
	arrived = take_arrived;
	for (unsigned int i = 0; i < service_count; i++) {
		struct device *device;

		if (services[i].drives != VIRTIO_NETWORK)
			continue;
		for (uint32_t unit = 0; (device = device_of(&services[i], unit)); unit++)
			if (interface_count < INTERFACES_MAX)
				add(device);
	}
}
