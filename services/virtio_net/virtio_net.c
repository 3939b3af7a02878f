/* SPDX-License-Identifier: MIT
 *
 * The operations. Nothing is remembered between them: what is under way is the core's to know.
 *
 * Checksums, large segments and merged buffers are not agreed on: a frame is then one buffer, and
 * all that the device may say in front of it is zero (docs/decisions/0023).
 */
#include <kernel/boundary/core_calls.h>
#include <kernel/device/device_queue.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <services/virtio_net/virtio_net.h>

/* Feature bits (5.1.3). */
#define FEATURE_MAC    (1UL << 5)
#define FEATURE_STATUS (1UL << 16)

/* Of the configuration (5.1.4): six bytes of address, and the status behind them. */
#define CONFIG_MAC       0
#define CONFIG_STATUS    6
#define STATUS_LINK_UP   1u
#define CONFIG_FIRST_END 8

/* The queues (5.1.2). */
enum { QUEUE_RECEIVE = 0, QUEUE_TRANSMIT = 1 };

/* struct virtio_net_hdr (5.1.6): flags, gso_type, four halves about checksums and segments, and
 * the number of buffers. */
#define HEADER_SIZE     12
#define HEADER_FLAGS    0
#define HEADER_SEGMENTS 1

static struct virtio_net_rights virtio_net_rights;

int virtio_net_init(const struct driver_rights *rights)
{
	virtio_net_rights.registers = rights->registers;
	virtio_net_rights.dma = rights->dma;
	return 0;
}

/* The first eight bytes of the configuration. */
static int read_config(uint32_t unit, uint8_t bytes[CONFIG_FIRST_END])
{
	uint64_t word;
	int error = core_device_config(virtio_net_rights.registers, unit, CONFIG_MAC, &word);

	if (!error)
		memcpy(bytes, &word, CONFIG_FIRST_END);
	return error;
}

static int describe(uint32_t unit, uint64_t features, struct net_device_info *info)
{
	uint8_t config[CONFIG_FIRST_END];
	int error = read_config(unit, config);

	if (error)
		return error;
	memcpy(info->mac, config + CONFIG_MAC, MAC_SIZE);
	info->has_mac = (features & FEATURE_MAC) != 0;
	info->tells_link = (features & FEATURE_STATUS) != 0;
	/* A device that does not tell is always connected (5.1.5). */
	info->link_up = !info->tells_link || config[CONFIG_STATUS] & STATUS_LINK_UP;
	return 0;
}

long virtio_net_attach(uint64_t unit, struct net_device_info *info)
{
	uint64_t features = 0;
	int result = core_device_reset(virtio_net_rights.registers, (uint32_t)unit);

	if (!result)
		result = core_device_negotiate(virtio_net_rights.registers, (uint32_t)unit,
		                               FEATURE_MAC | FEATURE_STATUS, &features);
	if (!result)
		result = core_queue_create(virtio_net_rights.dma, DEVICE_QUEUE(unit, QUEUE_RECEIVE),
		                           0, DEVICE_TAIL_FIRST | HEADER_SIZE);
	if (result > 0)
		result = core_queue_create(virtio_net_rights.dma,
		                           DEVICE_QUEUE(unit, QUEUE_TRANSMIT), HEADER_SIZE, 0);
	if (result > 0)
		result = core_device_start(virtio_net_rights.registers, (uint32_t)unit);
	return result ? result : describe((uint32_t)unit, features, info);
}

/* The header in front of the frame is zero. */
long virtio_net_transmit(uint64_t unit, uint64_t tag)
{
	return core_queue_add(virtio_net_rights.dma, DEVICE_QUEUE(unit, QUEUE_TRANSMIT), tag, 0, 0);
}

long virtio_net_refill(uint64_t unit, uint64_t tag)
{
	return core_queue_add(virtio_net_rights.dma, DEVICE_QUEUE(unit, QUEUE_RECEIVE), tag, 0, 0);
}

/* Whether what was received is a frame, whole and plain. */
static int64_t result_of(const struct queue_answer *answer)
{
	return answer->written > HEADER_SIZE && answer->tail[HEADER_FLAGS] == 0 &&
	                       answer->tail[HEADER_SEGMENTS] == 0
	               ? 0
	               : -EIO;
}

/* The frames of one queue, as far as there is room: how many more there are now. */
static int take_from(uint64_t unit, uint32_t queue, struct net_device_answer *answers,
                     uint64_t room)
{
	int count = 0, result = 1;

	while ((uint64_t)count < room && result > 0) {
		struct queue_answer answer;

		result = core_queue_take(virtio_net_rights.dma, DEVICE_QUEUE(unit, queue), &answer);
		if (result <= 0)
			break;
		answers[count].tag = answer.tag;
		answers[count++].result = queue == QUEUE_RECEIVE ? result_of(&answer) : 0;
	}
	return result < 0 ? result : count;
}

long virtio_net_collect(uint64_t unit, struct net_device_answer *answers, uint64_t size)
{
	uint64_t room = size / sizeof(*answers);
	int sent = take_from(unit, QUEUE_TRANSMIT, answers, room), received;

	if (sent < 0)
		return sent;
	received = take_from(unit, QUEUE_RECEIVE, answers + sent, room - (uint64_t)sent);
	return received < 0 ? received : sent + received;
}

long virtio_net_link(uint64_t unit)
{
	uint8_t config[CONFIG_FIRST_END];
	int error = read_config((uint32_t)unit, config);

	return error ? error : config[CONFIG_STATUS] & STATUS_LINK_UP;
}

#define NET_DEVICE_SERVICE virtio_net
#include <kernel/net_device/net_device_ops_table.h>
