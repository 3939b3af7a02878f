/* SPDX-License-Identifier: MIT
 *
 * The device: registers, and what it does to the rings.
 */
#include "hostile.h"

#include <string.h>

#include <kernel/device/device.h>

#define FEATURE_FLUSH  (1UL << 9)
#define FEATURE_MAC    (1UL << 5)
#define FEATURE_STATUS (1UL << 16)
#define CONFIG_SIZE    64u
#define SEGMENTS_MAX   24u
#define OK             0
#define TYPE_WRITE     1u
#define SECTOR         512u
#define QUEUES         2u
#define NET_RECEIVE    0u
#define NET_HEADER     12u

struct lent {
	bool held;
	uint64_t since; /* in the order of all */
	uint32_t count;
	struct virtq_descriptor segments[SEGMENTS_MAX];
};

struct ring {
	struct virtq_rings *rings; /* NULL: not enabled */
	struct lent lent[VIRTQUEUE_SIZE_MAX];
	uint16_t size, seen;
};

uint8_t hostile_disk[HOSTILE_DISK_SIZE];

static uint8_t config[CONFIG_SIZE] __attribute__((aligned(8)));
static struct ring queues[QUEUES];
static struct device *self;
static uint32_t malice, status_now, sticks;
static uint64_t moment;
static bool stuck;
/* It has written the used ring at random, and may have given back anything. */
static bool loose;

static uint64_t address_of(const struct virtq_descriptor *segment)
{
	return segment->address_low | (uint64_t)segment->address_high << 32;
}

/* Take what was made available. The core is to be believed: its descriptors are checked. */
static void look(struct ring *ring)
{
	while (ring->rings && ring->seen != ring->rings->available.index) {
		uint16_t head = ring->rings->available.ring[ring->seen++ % ring->size], at = head;
		struct lent *chain = &ring->lent[head];

		if (head >= ring->size || (chain->held && !loose))
			__builtin_trap();
		chain->count = 0;
		for (bool more = true; more; at = ring->rings->descriptors[at].next) {
			if (at >= ring->size || chain->count == SEGMENTS_MAX)
				__builtin_trap();
			chain->segments[chain->count++] = ring->rings->descriptors[at];
			more = ring->rings->descriptors[at].flags & DESCRIPTOR_NEXT;
		}
		chain->held = true;
		chain->since = moment++;
	}
}

static void say(struct ring *ring, uint32_t id, uint32_t written)
{
	volatile struct virtq_used *used = &ring->rings->used;

	used->ring[used->index % ring->size].id = id;
	used->ring[used->index % ring->size].size = written;
	used->index = (uint16_t)(used->index + 1);
}

/* Do what a disk does: bytes that were written, with the status. */
static uint32_t transfer(const struct lent *chain)
{
	const uint64_t *head = phys_to_virt(address_of(&chain->segments[0]));
	uint64_t place = head[1] * SECTOR;
	uint32_t written = 0;

	for (uint32_t i = 1; !chance(malice) && i + 1 < chain->count; i++) {
		const struct virtq_descriptor *segment = &chain->segments[i];
		void *bytes = phys_to_virt(address_of(segment));

		if (place > HOSTILE_DISK_SIZE || segment->size > HOSTILE_DISK_SIZE - place)
			__builtin_trap();
		if ((uint32_t)head[0] == TYPE_WRITE) {
			memcpy(hostile_disk + place, bytes, segment->size);
		} else {
			memcpy(bytes, hostile_disk + place, segment->size);
			written += segment->size;
		}
		place += segment->size;
	}
	*(uint8_t *)phys_to_virt(address_of(&chain->segments[chain->count - 1])) =
	        chance(malice) ? (uint8_t)roll(256) : OK;
	return written + 1;
}

/* Do what a network device does: the same. The header is in a segment of its own. */
static uint32_t exchange(const struct lent *chain, bool receives)
{
	uint8_t *header = phys_to_virt(address_of(&chain->segments[0]));
	const struct virtq_descriptor *frame = &chain->segments[1];

	if (chain->count != 2 || chain->segments[0].size != NET_HEADER ||
	    receives != ((frame->flags & DESCRIPTOR_WRITE) != 0))
		__builtin_trap();
	if (receives) {
		memset(header, 0, NET_HEADER);
		if (chance(malice))
			header[roll(NET_HEADER)] = (uint8_t)roll(256);
		return NET_HEADER + wire_fill(phys_to_virt(address_of(frame)), frame->size);
	}
	for (uint32_t i = 0; i < NET_HEADER; i++)
		if (header[i] != 0 && !loose)
			__builtin_trap();
	wire_sent(phys_to_virt(address_of(frame)), frame->size);
	return 0;
}

/* The chain that is dealt with next: a disk's in any order, frames in theirs. */
static struct lent *next_of(struct ring *ring)
{
	uint32_t first = self->kind == VIRTIO_BLOCK && ring->size ? roll(ring->size) : 0;
	struct lent *next = NULL;

	for (uint32_t i = 0; i < ring->size; i++) {
		struct lent *chain = &ring->lent[(first + i) % ring->size];

		if (!chain->held)
			continue;
		if (self->kind == VIRTIO_BLOCK)
			return chain;
		if (!next || chain->since < next->since)
			next = chain;
	}
	return next;
}

/* Give one chain back. */
static void answer(struct ring *ring)
{
	struct lent *chain = next_of(ring);
	uint32_t written;

	if (!chain)
		return;
	written = self->kind == VIRTIO_BLOCK ? transfer(chain)
	                                     : exchange(chain, ring == &queues[NET_RECEIVE]);
	chain->held = false;
	say(ring, (uint32_t)(chain - ring->lent), chance(malice) ? roll(UINT32_MAX) : written);
}

/* Something that no device does. */
static void misbehave(struct ring *ring)
{
	uint8_t *bytes = (uint8_t *)ring->rings;

	switch (roll(6)) {
	case 0: /* an index that is none, or a chain that it has not */
		say(ring, ring->size + roll(UINT32_MAX - ring->size), roll(UINT32_MAX));
		break;
	case 1:
		loose = true;
		ring->rings->used.index = (uint16_t)(ring->rings->used.index + roll(UINT16_MAX));
		break;
	case 2:
		loose = true;
		for (uint32_t i = 0; i < sizeof(ring->rings->used); i++)
			bytes[offsetof(struct virtq_rings, used) + i] = (uint8_t)roll(256);
		break;
	case 3:
		loose = true;
		for (uint32_t i = 0; i < ring->size; i++)
			say(ring, i, roll(2) ? 1 : roll(UINT32_MAX));
		break;
	case 4: /* what it has looked at already */
		memset(ring->rings->descriptors, (int)roll(256), sizeof(ring->rings->descriptors));
		break;
	default:
		for (uint32_t i = 0; i < CONFIG_SIZE; i++)
			config[i] = (uint8_t)roll(256);
		break;
	}
}

void hostile_act(void)
{
	for (uint32_t i = 0; i < QUEUES; i++) {
		struct ring *ring = &queues[i];

		if (!ring->rings || stuck)
			continue;
		look(ring);
		if (chance(malice))
			misbehave(ring);
		else if (!chance(malice))
			answer(ring);
	}
	if (chance(500))
		device_interrupt(0);
}

static bool holds(const struct lent *chain, paddr_t page)
{
	for (uint32_t i = 0; chain->held && i < chain->count; i++)
		if (address_of(&chain->segments[i]) / PAGE_SIZE == page / PAGE_SIZE)
			return true;
	return false;
}

bool hostile_holds(paddr_t page)
{
	for (uint32_t i = 0; !loose && i < QUEUES * VIRTQUEUE_SIZE_MAX; i++)
		if (holds(&queues[i / VIRTQUEUE_SIZE_MAX].lent[i % VIRTQUEUE_SIZE_MAX], page))
			return true;
	return false;
}

bool hostile_is_stuck(void)
{
	return stuck;
}

/* ---- registers ---- */

static void forget(void)
{
	memset(queues, 0, sizeof(queues));
	loose = false;
}

static uint8_t status(struct device *device)
{
	(void)device;
	if (sticks > 0 && --sticks == 0) {
		forget();
		status_now = 0;
	}
	return chance(malice / 4) && !stuck && !sticks ? (uint8_t)(status_now ^ 1u << roll(8))
	                                               : (uint8_t)status_now;
}

static void set_status(struct device *device, uint8_t value)
{
	(void)device;
	if (value != 0) {
		status_now = value;
	} else if (chance(malice / 2)) {
		stuck = true; /* the queue goes on */
		status_now |= VIRTIO_FAILED;
	} else if (!stuck && status_now != 0) {
		sticks = chance(malice) ? 1 + roll(900) : 1;
	}
}

static uint64_t features(struct device *device)
{
	if (chance(malice / 4))
		return (uint64_t)roll(UINT32_MAX) << 16;
	return VIRTIO_VERSION_1 |
	       (device->kind == VIRTIO_BLOCK ? FEATURE_FLUSH : FEATURE_MAC | FEATURE_STATUS);
}

static void accept(struct device *device, uint64_t value)
{
	(void)device;
	(void)value;
}

static uint16_t queue_max(struct device *device, uint16_t queue)
{
	static const uint16_t odd[] = {0, 1, 3, 4, 20, 129, UINT16_MAX};

	(void)device;
	(void)queue;
	return chance(malice) ? odd[roll(sizeof(odd) / sizeof(odd[0]))] : 128;
}

static void queue_enable(struct device *device, uint16_t queue, uint16_t entries, paddr_t at)
{
	(void)device;
	if (stuck || queue >= QUEUES)
		__builtin_trap(); /* it writes the rings that it had still */
	queues[queue].size = entries;
	queues[queue].rings = phys_to_virt(at);
	queues[queue].seen = 0;
}

static void notify(struct device *device, uint16_t queue)
{
	(void)device;
	if (!stuck && queue < QUEUES)
		look(&queues[queue]);
}

static uint32_t config_generation(struct device *device)
{
	static uint32_t generation;

	(void)device;
	if (chance(malice))
		generation++;
	return generation;
}

static void acknowledge(struct device *device)
{
	(void)device;
}

bool hostile_is_admitted = true;

static void admit(struct device *device, bool admitted)
{
	(void)device;
	hostile_is_admitted = admitted;
}

static const struct virtio_transport hostile = {
        .name = "hostile",
        .status = status,
        .set_status = set_status,
        .features = features,
        .accept = accept,
        .queue_max = queue_max,
        .queue_enable = queue_enable,
        .notify = notify,
        .config_generation = config_generation,
        .acknowledge = acknowledge,
        .admit = admit,
};

void hostile_add(uint32_t kind, uint32_t per_mille)
{
	static const uint8_t station[8] = {0x52, 0x54, 0, 1, 2, 3, 1 /* connected */, 0};
	const uint64_t sectors = HOSTILE_DISK_SIZE / SECTOR;

	malice = per_mille;
	if (kind == VIRTIO_BLOCK)
		memcpy(config, &sectors, sizeof(sectors));
	else
		memcpy(config, station, sizeof(station));
	self = device_add(&hostile, kind);
	self->config = config;
	self->config_size = CONFIG_SIZE;
}
