/* SPDX-License-Identifier: MIT
 *
 * What the boot protocol handed over, copied out of low memory before anything
 * else writes there. Read-only after boot.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <kernel/mm/page_alloc.h>

#define BOOT_RAM_MAX     32
#define BOOT_COMMAND_MAX 1024

struct boot_info {
	struct memory_range ram[BOOT_RAM_MAX]; /* page-aligned, as the map lists them */
	unsigned int ram_count;
	struct memory_range initramfs; /* bytes */
	paddr_t rsdp;
	char command_line[BOOT_COMMAND_MAX];
};

extern struct boot_info boot_info;

/* Copy the start_info structure. Boot CPU, first of all. */
void boot_info_read(void);

/* RAM that the page allocator may have: the map less the first MiB, the image and
 * the initramfs. The answer is the number of ranges. */
unsigned int boot_info_usable(struct memory_range *ranges, unsigned int max);

/* The whole pages that the initramfs lies in: they are free once it is unpacked. */
struct memory_range boot_info_archive(void);

/* Whether a word stands on the kernel command line; value: what follows its `=`. */
bool boot_option(const char *name);
bool boot_option_value(const char *name, char *value, unsigned int size);
