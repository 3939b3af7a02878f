/* SPDX-License-Identifier: MIT
 *
 * Page size, address-space layout, and the two views of physical memory.
 * Source: Intel SDM vol. 3A, chapter 4 (4-level paging).
 */
#pragma once

#include <stdint.h>

#define PAGE_SHIFT 12
#define PAGE_SIZE  4096UL
#define PAGE_MASK  (~(PAGE_SIZE - 1))

#define PAGE_ALIGN_DOWN(x) ((x) & PAGE_MASK)
#define PAGE_ALIGN_UP(x)   (((x) + PAGE_SIZE - 1) & PAGE_MASK)

/* All of usable RAM is mapped here, writable, never executable. */
#define DIRECT_MAP_BASE 0xffff800000000000UL
/* Kernel stacks, each below an unmapped guard page. */
#define KERNEL_STACK_BASE 0xffffc00000000000UL
/* Stacks on which isolated services run, likewise. */
#define SERVICE_STACK_BASE 0xffffc80000000000UL
/* Devices mapped uncached (local APIC). */
#define DEVICE_MAP_BASE 0xffffd00000000000UL
/* The image: -2 GiB, as -mcmodel=kernel wants it. */
#define KERNEL_IMAGE_BASE 0xffffffff80000000UL

/* A physical address, in bytes. */
typedef uint64_t paddr_t;

/* The address under which the core reads and writes a byte of RAM. */
static inline void *phys_to_virt(paddr_t pa)
{
	return (void *)(DIRECT_MAP_BASE + pa);
}

/* The reverse, for addresses in the direct map only. */
static inline paddr_t virt_to_phys(const void *va)
{
	return (paddr_t)va - DIRECT_MAP_BASE;
}
