/* SPDX-License-Identifier: MIT
 *
 * The operations. Nothing is remembered between them: what is under way is the core's to know.
 */
#include <kernel/boundary/core_calls.h>
#include <kernel/device/device_queue.h>
#include <kernel/lib/errno.h>
#include <services/virtio_blk/virtio_blk.h>

/* Feature bits (5.2.3). */
#define FEATURE_READ_ONLY (1UL << 5)
#define FEATURE_FLUSH     (1UL << 9)
#define FEATURE_DISCARD   (1UL << 13)
#define FEATURES          (FEATURE_READ_ONLY | FEATURE_FLUSH | FEATURE_DISCARD)

/* Of the configuration (5.2.4), by eights: the capacity in sectors; above something else, how many
 * sectors a discard takes. */
#define CONFIG_CAPACITY 0
#define CONFIG_DISCARD  32

/* struct virtio_blk_req (5.2.6): type, a reserved word, the sector; the data; the status. */
#define HEAD_SIZE 16
#define TAIL_SIZE 1

enum { TYPE_READ = 0, TYPE_WRITE = 1, TYPE_FLUSH = 4, TYPE_DISCARD = 11 };
enum { STATUS_OK = 0, STATUS_ERROR = 1, STATUS_UNSUPPORTED = 2 };

static struct virtio_blk_rights virtio_blk_rights;

int virtio_blk_init(const struct driver_rights *rights)
{
	virtio_blk_rights.registers = rights->registers;
	virtio_blk_rights.dma = rights->dma;
	return 0;
}

static int describe(uint32_t unit, uint64_t features, struct block_info *info)
{
	uint64_t sectors, discard = 0;
	int error =
	        core_device_config(virtio_blk_rights.registers, unit, CONFIG_CAPACITY, &sectors);

	if (!error && (features & FEATURE_DISCARD))
		error = core_device_config(virtio_blk_rights.registers, unit, CONFIG_DISCARD,
		                           &discard);
	if (error)
		return error;
	/* A device says what it likes. */
	if (sectors > INT64_MAX / BLOCK_SECTOR)
		return -EIO;
	info->size = sectors * BLOCK_SECTOR;
	info->read_only = (features & FEATURE_READ_ONLY) != 0;
	info->can_flush = (features & FEATURE_FLUSH) != 0;
	info->discard_max = (discard >> 32) * BLOCK_SECTOR;
	return 0;
}

long virtio_blk_attach(uint64_t unit, struct block_info *info)
{
	uint64_t features;
	int result = core_device_reset(virtio_blk_rights.registers, (uint32_t)unit);

	if (!result)
		result = core_device_negotiate(virtio_blk_rights.registers, (uint32_t)unit,
		                               FEATURES, &features);
	if (!result)
		result = core_queue_create(virtio_blk_rights.dma, DEVICE_QUEUE(unit, 0), HEAD_SIZE,
		                           TAIL_SIZE);
	if (result > 0)
		result = core_device_start(virtio_blk_rights.registers, (uint32_t)unit);
	return result ? result : describe((uint32_t)unit, features, info);
}

long virtio_blk_submit(uint64_t unit, const struct block_request *request)
{
	static const uint32_t types[] = {
	        [BLOCK_READ] = TYPE_READ,
	        [BLOCK_WRITE] = TYPE_WRITE,
	        [BLOCK_FLUSH] = TYPE_FLUSH,
	        [BLOCK_DISCARD] = TYPE_DISCARD,
	};

	if (request->action >= sizeof(types) / sizeof(types[0]))
		return -EOPNOTSUPP;
	return core_queue_add(virtio_blk_rights.dma, DEVICE_QUEUE(unit, 0), request->tag,
	                      types[request->action], request->offset / BLOCK_SECTOR);
}

static int64_t result_of(uint8_t status)
{
	switch (status) {
	case STATUS_OK:
		return 0;
	case STATUS_UNSUPPORTED:
		return -EOPNOTSUPP;
	default:
		return -EIO;
	}
}

long virtio_blk_collect(uint64_t unit, struct block_answer *answers, uint64_t size)
{
	uint32_t count = 0;

	while (count < size / sizeof(*answers)) {
		struct queue_answer answer;
		int result = core_queue_take(virtio_blk_rights.dma, DEVICE_QUEUE(unit, 0), &answer);

		if (result < 0)
			return result;
		if (result == 0)
			break;
		answers[count].tag = answer.tag;
		answers[count++].result = result_of(answer.tail[0]);
	}
	return count;
}

#define BLOCK_SERVICE virtio_blk
#include <kernel/block/block_ops_table.h>
