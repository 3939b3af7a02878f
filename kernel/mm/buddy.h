/* SPDX-License-Identifier: MIT
 *
 * The buddy system on page numbers: which aligned runs of 2^order pages are free
 * (Knuth, TAOCP 1, 2.5). Pure data: the page allocator adds the lock, the token
 * and the memory. Proved (frama/buddy_spec.h).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <kernel/mm/bit_tree.h>

#define BUDDY_ORDER_MAX 10
#define BUDDY_PAGES_MAX (1U << 28)
#define BUDDY_NONE      UINT32_MAX

/* The free runs of all orders are one set of numbers, order by order, so that the next member from
 * an order's first number on is the smallest run that fits. */
struct buddy {
	struct bit_tree free;
	uint32_t first[BUDDY_ORDER_MAX + 2]; /* of each order: the number of its run at page 0 */
	uint32_t page_count;                 /* page numbers are below this */
};

/* Words for so many pages; page_count <= BUDDY_PAGES_MAX. */
uint32_t buddy_words(uint32_t page_count);

/* Nothing is free. The words become the buddy's. */
void buddy_init(struct buddy *buddy, uint64_t *words, uint32_t page_count);

/* 2^order aligned pages, no longer free; BUDDY_NONE if there are none. Of the smallest free
 * runs that fit, the lowest is used. */
uint32_t buddy_take(struct buddy *buddy, unsigned int order);

/* A run of buddy_take, or one that was never free, becomes free and merges with its
 * free neighbours. */
void buddy_give(struct buddy *buddy, uint32_t page, unsigned int order);

/* Give [first, end), in the largest aligned runs. */
void buddy_give_range(struct buddy *buddy, uint32_t first, uint32_t end);

/* Whether a free run covers the page. */
bool buddy_is_free(const struct buddy *buddy, uint32_t page);
