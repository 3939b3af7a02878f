/* SPDX-License-Identifier: MIT
 *
 * The device: registers, and what it does to the rings.
 */
#include "hostile.h"

#include <string.h>

#include <kernel/device/device.h>

#define FEATURE_FLUSH (1UL << 9)
#define CONFIG_SIZE   64u
#define SEGMENTS_MAX  24u
#define OK            0
#define TYPE_WRITE    1u
#define SECTOR        512u

struct lent {
	bool held;
	uint32_t count;
	struct virtq_descriptor segments[SEGMENTS_MAX];
};

uint8_t hostile_disk[HOSTILE_DISK_SIZE];

static uint8_t config[CONFIG_SIZE] __attribute__((aligned(8)));
static struct lent lent[VIRTQUEUE_SIZE_MAX];
static struct virtq_rings *rings;
static struct device *self;
static uint32_t malice, status_now, sticks;
static uint16_t size, seen;
static bool stuck;
/* It has written the used ring at random, and may have given back anything. */
static bool loose;

static uint64_t address_of(const struct virtq_descriptor *segment)
{
	return segment->address_low | (uint64_t)segment->address_high << 32;
}

/* Take what was made available. The core is to be believed: its descriptors are checked. */
static void look(void)
{
	while (rings && seen != rings->available.index) {
		uint16_t head = rings->available.ring[seen++ % size], at = head;
		struct lent *chain = &lent[head];

		if (head >= size || (chain->held && !loose))
			__builtin_trap();
		chain->count = 0;
		for (bool more = true; more; at = rings->descriptors[at].next) {
			if (at >= size || chain->count == SEGMENTS_MAX)
				__builtin_trap();
			chain->segments[chain->count++] = rings->descriptors[at];
			more = rings->descriptors[at].flags & DESCRIPTOR_NEXT;
		}
		chain->held = true;
	}
}

static void say(uint32_t id, uint32_t written)
{
	volatile struct virtq_used *used = &rings->used;

	used->ring[used->index % size].id = id;
	used->ring[used->index % size].size = written;
	used->index = (uint16_t)(used->index + 1);
}

/* Do what a disk does: bytes that were written, without the status. */
static uint32_t transfer(const struct lent *chain)
{
	const uint64_t *head = phys_to_virt(address_of(&chain->segments[0]));
	uint64_t place = head[1] * SECTOR;
	uint32_t written = 0;

	for (uint32_t i = 1; i + 1 < chain->count; i++) {
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
	return written;
}

/* Give one chain back. */
static void answer(void)
{
	for (uint32_t i = 0, head = roll(size); i < size; i++, head = (head + 1) % size) {
		struct lent *chain = &lent[head];
		uint32_t written;

		if (!chain->held)
			continue;
		written = chance(malice) ? 0 : transfer(chain);
		*(uint8_t *)phys_to_virt(address_of(&chain->segments[chain->count - 1])) =
		        chance(malice) ? (uint8_t)roll(256) : OK;
		chain->held = false;
		say(head, chance(malice) ? roll(UINT32_MAX) : written + 1);
		return;
	}
}

/* Something that no device does. */
static void misbehave(void)
{
	uint8_t *bytes = (uint8_t *)rings;

	switch (roll(6)) {
	case 0: /* an index that is none, or a chain that it has not */
		say(size + roll(UINT32_MAX - size), roll(UINT32_MAX));
		break;
	case 1:
		loose = true;
		rings->used.index = (uint16_t)(rings->used.index + roll(UINT16_MAX));
		break;
	case 2:
		loose = true;
		for (uint32_t i = 0; i < sizeof(rings->used); i++)
			bytes[offsetof(struct virtq_rings, used) + i] = (uint8_t)roll(256);
		break;
	case 3:
		loose = true;
		for (uint32_t i = 0; i < size; i++)
			say(i, roll(2) ? 1 : roll(UINT32_MAX));
		break;
	case 4: /* what it has looked at already */
		memset(rings->descriptors, (int)roll(256), sizeof(rings->descriptors));
		break;
	default:
		for (uint32_t i = 0; i < CONFIG_SIZE; i++)
			config[i] = (uint8_t)roll(256);
		break;
	}
}

void hostile_act(void)
{
	if (rings && !stuck) {
		look();
		if (chance(malice))
			misbehave();
		else if (!chance(malice))
			answer();
	}
	if (chance(500))
		device_interrupt(0);
}

bool hostile_holds(paddr_t page)
{
	if (loose)
		return false;
	for (uint32_t head = 0; head < VIRTQUEUE_SIZE_MAX; head++)
		for (uint32_t i = 0; lent[head].held && i < lent[head].count; i++)
			if (address_of(&lent[head].segments[i]) / PAGE_SIZE == page / PAGE_SIZE)
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
	memset(lent, 0, sizeof(lent));
	rings = NULL;
	seen = 0;
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
	(void)device;
	return chance(malice / 4) ? (uint64_t)roll(UINT32_MAX) << 16
	                          : VIRTIO_VERSION_1 | FEATURE_FLUSH;
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
	(void)queue;
	if (stuck)
		__builtin_trap(); /* it writes the rings that it had still */
	size = entries;
	rings = phys_to_virt(at);
	seen = 0;
}

static void notify(struct device *device, uint16_t queue)
{
	(void)device;
	(void)queue;
	if (!stuck)
		look();
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
};

void hostile_add(uint32_t per_mille)
{
	const uint64_t sectors = HOSTILE_DISK_SIZE / SECTOR;

	malice = per_mille;
	memcpy(config, &sectors, sizeof(sectors));
	self = device_add(&hostile, VIRTIO_BLOCK);
	self->config = config;
	self->config_size = CONFIG_SIZE;
}
