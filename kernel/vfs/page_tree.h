/* SPDX-License-Identifier: MIT
 *
 * Page frames by index: a radix tree of 64-way nodes that is as high as the
 * largest index asks for. A frame may bear a mark. The caller serialises; nothing sleeps.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/page.h>
#include <aramid/check.h>
#include <kernel/mm/page_alloc.h>

#define PAGE_TREE_INDEX_MAX ((1UL << 36) - 1) /* 2^48 bytes: six levels */

struct page_tree {
	uint64_t root;       /* height 0: the frame of index 0; else the address of a node */
	unsigned int height; /* levels of nodes */
	uint64_t pages, marks;
};

/* The frame at an index, or 0. */
paddr_t page_tree_find(const struct page_tree *tree, uint64_t index);

/* The first index from one on that has a frame: false when none has. */
bool page_tree_next(const struct page_tree *tree, uint64_t *index);

/* A zeroed frame at each index of [first, last] that has none: 0, or -ENOMEM half-way. */
int __must_check page_tree_fill(CAP(page_alloc) cap, struct page_tree *tree, uint64_t first,
                                uint64_t last) NEEDS_RIGHT(page_alloc);

/* Put a frame in at an index that has none, with the caller's reference: 0, -EEXIST, -ENOMEM. */
int __must_check page_tree_put(struct page_tree *tree, uint64_t index, paddr_t page);

/* Mark the frame at an index, if there is one, or take its mark away. */
void page_tree_mark(struct page_tree *tree, uint64_t index, bool marked);

/* The first frame with a mark from *index on, which becomes its index; 0: there is none. */
paddr_t page_tree_next_marked(const struct page_tree *tree, uint64_t *index);

/* Take out the frame at an index, with its reference: 0 when there is none. */
paddr_t page_tree_take(struct page_tree *tree, uint64_t index);

/* Give back the frames that have no mark and that nobody else refers to. */
void page_tree_drop_unused(CAP(page_alloc) cap, struct page_tree *tree) NEEDS_RIGHT(page_alloc);

/* Give back the frames of all indices from first on. */
void page_tree_drop(CAP(page_alloc) cap, struct page_tree *tree, uint64_t first)
        NEEDS_RIGHT(page_alloc);
