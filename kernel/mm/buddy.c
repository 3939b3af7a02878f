/* SPDX-License-Identifier: MIT
 *
 * The invariant: free runs are disjoint, and no two buddies of one order are both
 * free (they would have merged).
 */
#include <kernel/mm/buddy.h>

uint64_t buddy_words(uint64_t page_count)
{
	uint64_t total = 0;

	for (unsigned int order = 0; order <= BUDDY_ORDER_MAX; order++)
		total += bit_tree_words(page_count >> order);
	return total;
}

void buddy_init(struct buddy *buddy, uint64_t *words, uint64_t page_count)
{
	for (unsigned int order = 0; order <= BUDDY_ORDER_MAX; order++) {
		bit_tree_init(&buddy->free[order], words, page_count >> order);
		words += bit_tree_words(page_count >> order);
	}
	buddy->page_count = page_count;
	buddy->free_count = 0;
}

uint64_t buddy_take(struct buddy *buddy, unsigned int order)
{
	uint64_t run = BUDDY_NONE;
	unsigned int found = order;

	for (; found <= BUDDY_ORDER_MAX; found++) {
		run = bit_tree_first(&buddy->free[found]);
		if (run != BIT_TREE_NONE)
			break;
	}
	if (found > BUDDY_ORDER_MAX)
		return BUDDY_NONE;
	bit_tree_remove(&buddy->free[found], run);
	/* Keep the lower half, free the upper one, until the size fits. */
	while (found > order) {
		found--;
		run *= 2;
		bit_tree_add(&buddy->free[found], run + 1);
	}
	buddy->free_count -= 1UL << order;
	return run << order;
}

void buddy_give(struct buddy *buddy, uint64_t page, unsigned int order)
{
	uint64_t run = page >> order;

	buddy->free_count += 1UL << order;
	while (order < BUDDY_ORDER_MAX && bit_tree_test(&buddy->free[order], run ^ 1)) {
		bit_tree_remove(&buddy->free[order], run ^ 1);
		run /= 2;
		order++;
	}
	bit_tree_add(&buddy->free[order], run);
}

void buddy_give_range(struct buddy *buddy, uint64_t first, uint64_t end)
{
	while (first < end) {
		unsigned int order = 0;

		while (order < BUDDY_ORDER_MAX && first % (2UL << order) == 0 &&
		       end - first >= 2UL << order)
			order++;
		buddy_give(buddy, first, order);
		first += 1UL << order;
	}
}

bool buddy_is_free(const struct buddy *buddy, uint64_t page)
{
	for (unsigned int order = 0; order <= BUDDY_ORDER_MAX; order++) {
		if (bit_tree_test(&buddy->free[order], page >> order))
			return true;
	}
	return false;
}
