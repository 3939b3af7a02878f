/* SPDX-License-Identifier: MIT
 *
 * Page tables. A root is the physical address of a top-level table; its upper
 * half is the kernel's and is shared by all. The caller serialises changes to
 * one root (the address space's lock). Nothing here sleeps.
 * Source: Intel SDM vol. 3A, 4.5.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/page.h>
#include <aramid/cap.h>
#include <aramid/check.h>

#define MMU_WRITE    (1u << 0)
#define MMU_EXEC     (1u << 1)
#define MMU_USER     (1u << 2)
#define MMU_DEVICE   (1u << 3) /* uncached */
#define MMU_NONE     (1u << 4) /* the page stays, nobody gets in (PROT_NONE); stands alone */
#define MMU_KEY(key) ((unsigned int)(key) << 8) /* of a kernel page (arch/protection_key.h) */

/* A new root whose lower half is empty; 0 when memory is out. */
paddr_t mmu_create(CAP(page_alloc) pages);

/* Free the tables of the lower half and the root, not the pages they map. */
void mmu_destroy(CAP(page_alloc) pages, paddr_t root);

/* Map one page; replaces what was there. 0 or -ENOMEM; *built grows by the tables that had to be
 * made, either way. The caller flushes when it replaced or weakened a mapping. */
int __must_check mmu_map(CAP(page_alloc) pages, paddr_t root, uint64_t va, paddr_t pa,
                         unsigned int protection, unsigned int *built);

/* What va maps to: true and the page's address and protection, or false. */
bool mmu_lookup(paddr_t root, uint64_t va, paddr_t *pa, unsigned int *protection);

/* The first mapping of the lower half at or above *va and below end: true, *va its address, its
 * page and protection; or false. Missing tables are stepped over whole. */
bool mmu_next(paddr_t root, uint64_t *va, uint64_t end, paddr_t *pa, unsigned int *protection);

/* Change a present mapping's protection; nothing happens where none is. */
void mmu_protect(paddr_t root, uint64_t va, unsigned int protection);

/* Remove a mapping and answer the page it had, or 0. */
paddr_t mmu_unmap(paddr_t root, uint64_t va);

/* Forget cached translations of [start, end) of this root on every CPU that has
 * it loaded; returns when all have. Interrupts must be on or no lock that an
 * interrupt handler takes may be held (the other CPUs answer an interrupt). */
void mmu_flush(paddr_t root, uint64_t start, uint64_t end);

/* Load a root on this CPU. */
void mmu_activate(paddr_t root);

/* Map into the kernel half (stacks, devices), for all roots. 0 or -ENOMEM. */
int __must_check mmu_map_kernel(CAP(page_alloc) pages, uint64_t va, paddr_t pa,
                                unsigned int protection);
/* Unmap count pages at va for all CPUs, with one flush: pages[i] is what was there, or 0. */
void mmu_unmap_kernel(uint64_t va, unsigned int count, paddr_t *pages);

/* Give [va, va + size), which the kernel has mapped in 4-KiB pages, a protection key: on return
 * every CPU goes by it. The calling CPU as mmu_flush. */
void mmu_set_key(uint64_t va, uint64_t size, unsigned int key);

extern paddr_t mmu_kernel_root;
