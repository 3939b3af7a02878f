/* SPDX-License-Identifier: MIT
 *
 * Disks: the contents are right when the device is one, and whatever it does, each request comes to
 * its end.
 */
#include <string.h>

#include <kernel/block/disk.h>
#include <kernel/device/device.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/page_alloc.h>

#include "core.h"
#include "fuzz.h"
#include "hostile.h"

#define REQUESTS 40

static uint32_t malice;
static uint8_t expected[HOSTILE_DISK_SIZE];

static void check(int result, bool whole)
{
	if (result != 0 && result != -EIO && result != -EOPNOTSUPP && result != -EINVAL)
		fail("a request ends with an error that it does not have");
	if (hostile_is_stuck() && result == 0 && whole)
		fail("a device that does not stop is asked still");
	if (malice == 0 && result != 0)
		fail("a request of a disk fails");
}

static void move(enum block_action action)
{
	paddr_t pages[TRANSFER_SEGMENTS_MAX];
	uint32_t size = 512 * (1 + roll(TRANSFER_MAX / 512));
	uint32_t offset = 512 * roll((HOSTILE_DISK_SIZE - size) / 512 + 1);
	uint32_t count = (uint32_t)((size + PAGE_SIZE - 1) / PAGE_SIZE);
	bool was_stuck = hostile_is_stuck();
	int result;

	for (uint32_t i = 0; i < count; i++) {
		pages[i] = page_alloc(core_rights.pages, 0);
		if (!pages[i])
			fail("memory is out");
		memset(phys_to_virt(pages[i]), (int)roll(256), PAGE_SIZE);
	}
	if (action == BLOCK_WRITE)
		for (uint32_t at = 0; at < size; at++)
			expected[offset + at] =
			        ((uint8_t *)phys_to_virt(pages[at / PAGE_SIZE]))[at % PAGE_SIZE];
	result = disk_transfer(disk_by_number(0), action, offset, size, pages);
	check(result, was_stuck);
	for (uint32_t at = 0; malice == 0 && action == BLOCK_READ && at < size; at++)
		if (hostile_disk[offset + at] !=
		    ((uint8_t *)phys_to_virt(pages[at / PAGE_SIZE]))[at % PAGE_SIZE])
			fail("a byte is not what the disk has");
	for (uint32_t i = 0; i < count; i++)
		page_put(core_rights.pages, pages[i]);
}

static void request(void)
{
	switch (roll(8)) {
	case 0:
		check(disk_flush(disk_by_number(0)), false);
		break;
	case 1:
	case 2:
	case 3:
		move(BLOCK_WRITE);
		break;
	default:
		move(BLOCK_READ);
		break;
	}
}

/* Reads and writes of others would change what a request is to find. */
static void nothing(void)
{
}

void fuzz_disk(uint32_t how_malicious)
{
	malice = how_malicious;
	core_start(VIRTIO_BLOCK, malice ? roll(60) : 0, malice ? request : nothing);
	hostile_add(VIRTIO_BLOCK, malice);
	disks_start();
	if (!disk_by_number(0))
		fail("there is no disk");
	for (unsigned int i = 0; i < REQUESTS; i++)
		request();
	if (malice == 0 && memcmp(expected, hostile_disk, sizeof(expected)) != 0)
		fail("the disk has not what was written");
}
