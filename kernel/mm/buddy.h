/* SPDX-License-Identifier: MIT
 *
 * The buddy system on page numbers: which aligned runs of 2^order pages are free
 * (Knuth, TAOCP 1, 2.5). Pure data: the page allocator adds the lock, the token
 * and the memory.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <kernel/mm/bit_tree.h>

#define BUDDY_ORDER_MAX 10
#define BUDDY_NONE      UINT64_MAX

struct buddy {
	struct bit_tree free[BUDDY_ORDER_MAX + 1]; /* member i: the run at i << order is free */
	uint64_t page_count;                       /* page numbers are below this */
	uint64_t free_count;                       /* pages */
};

/* Words for the trees of so many pages; page_count <= BIT_TREE_MAX. */
uint64_t buddy_words(uint64_t page_count);

/* Nothing is free. The words become the buddy's. */
void buddy_init(struct buddy *buddy, uint64_t *words, uint64_t page_count);

/* 2^order aligned pages, no longer free; BUDDY_NONE if there are none. Of the smallest free
 * runs that fit, the lowest is used. */
uint64_t buddy_take(struct buddy *buddy, unsigned int order);

/* A run of buddy_take, or one that was never free, becomes free and merges with its
 * free neighbours. */
void buddy_give(struct buddy *buddy, uint64_t page, unsigned int order);

/* Give [first, end), in the largest aligned runs. */
void buddy_give_range(struct buddy *buddy, uint64_t first, uint64_t end);

/* Whether a free run covers the page. */
bool buddy_is_free(const struct buddy *buddy, uint64_t page);
