/* SPDX-License-Identifier: MIT
 *
 * arch/page.h for a program on the host: physical memory is an array.
 */
#pragma once

#include <stdint.h>

#define PAGE_SHIFT 12
#define PAGE_SIZE  4096UL
#define PAGE_MASK  (~(PAGE_SIZE - 1))

#define PAGE_ALIGN_DOWN(x) ((x) & PAGE_MASK)
#define PAGE_ALIGN_UP(x)   (((x) + PAGE_SIZE - 1) & PAGE_MASK)

typedef uint64_t paddr_t;

#define HOST_RAM_PAGES 4096
extern char host_ram[HOST_RAM_PAGES * PAGE_SIZE];

static inline void *phys_to_virt(paddr_t pa)
{
	return host_ram + pa;
}

static inline paddr_t virt_to_phys(const void *va)
{
	return (paddr_t)((const char *)va - host_ram);
}
