/* SPDX-License-Identifier: MIT
 *
 * Setting the buddy system up: its numbers, and the memory that there is.
 */
#include <kernel/mm/buddy.h>

/* How many numbers the orders below have. */
static uint32_t numbers_below(uint32_t page_count, unsigned int order)
{
	uint32_t total = 0;

	for (unsigned int below = 0; below < order; below++)
		total += (page_count >> below) + 1;
	return total;
}

uint32_t buddy_words(uint32_t page_count)
{
	return bit_tree_words(numbers_below(page_count, BUDDY_ORDER_MAX + 1));
}

void buddy_init(struct buddy *buddy, uint64_t *words, uint32_t page_count)
{
	for (unsigned int order = 0; order <= BUDDY_ORDER_MAX + 1; order++)
		buddy->first[order] = numbers_below(page_count, order);
	bit_tree_init(&buddy->free, words, buddy->first[BUDDY_ORDER_MAX + 1]);
	buddy->page_count = page_count;
}

void buddy_give_range(struct buddy *buddy, uint32_t first, uint32_t end)
{
	while (first < end) {
		unsigned int order = 0;

		while (order < BUDDY_ORDER_MAX && first % (2U << order) == 0 &&
		       end - first >= 2U << order)
			order++;
		buddy_give(buddy, first, order);
		first += 1U << order;
	}
}
