/* SPDX-License-Identifier: MIT
 *
 * Bytes at any place of a disk, to and from users, by way of pages of the core's: a device has
 * whole sectors, and its pages are nobody else's.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#include <aramid/context.h>
#include <aramid/user.h>
#include <kernel/block/disk.h>

/* The memory through which one call's bytes pass: a run of pages. */
struct bounce {
	char *bytes;
	uint64_t size;
	paddr_t pages[TRANSFER_SEGMENTS_MAX];
};

/* For so many bytes, or as many as there is memory for: false when there is none. Then, and only
 * then, bounce_free. */
bool __must_check bounce_make(struct bounce *bounce, uint64_t size);
void bounce_free(const struct bounce *bounce);

/* Some of the bytes at an offset below the disk's size, at least one: how many; -EFAULT, or what
 * the device answers. */
long __must_check bounce_read(struct disk *disk, const struct bounce *bounce, void __user *buffer,
                              uint64_t size, uint64_t offset) MAY_SLEEP;
long __must_check bounce_write(struct disk *disk, const struct bounce *bounce,
                               const void __user *buffer, uint64_t size, uint64_t offset) MAY_SLEEP;
