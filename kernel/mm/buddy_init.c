/* SPDX-License-Identifier: MIT
 *
 * Setting the buddy system up: its numbers, and the memory that there is.
 */
#include <kernel/mm/buddy.h>

/* How many numbers the orders below have. */
/*@ requires page_count <= BUDDY_PAGES_MAX && order <= BUDDY_ORDER_MAX + 1;
    assigns \nothing;
    ensures \result == numbers_below(page_count, order); */
static uint32_t numbers_below(uint32_t page_count, unsigned int order)
{
	uint32_t total = 0;

	/*@ assert step: numbers_step(page_count); */
	/*@ assert few: numbers_bounded(page_count); */
	/*@ loop invariant 0 <= below <= order && total == numbers_below(page_count, below);
	    loop assigns below, total;
	    loop variant order - below; */
	for (unsigned int below = 0; below < order; below++)
		total += (page_count >> below) + 1;
	return total;
}

uint32_t buddy_words(uint32_t page_count)
{
	/*@ assert few: numbers_bounded(page_count); */
	return bit_tree_words(numbers_below(page_count, BUDDY_ORDER_MAX + 1));
}

/* No run is free. */
/*@ requires \valid(buddy) && buddy_numbered(buddy);
    requires buddy->first[BUDDY_ORDER_MAX + 1] <= BIT_TREE_MAX;
    requires \valid(words + (0 .. tree_words(buddy->first[BUDDY_ORDER_MAX + 1]) - 1));
    requires \separated(buddy, words + (0 .. tree_words(buddy->first[BUDDY_ORDER_MAX + 1]) - 1));
    assigns buddy->free, words[0 .. tree_words(buddy->first[BUDDY_ORDER_MAX + 1]) - 1];
    ensures buddy_sound(buddy) && buddy->page_count == \old(buddy->page_count);
    ensures \forall integer o, integer r; !free_run(buddy, o, r); */
static void clear_runs(struct buddy *buddy, uint64_t *words)
{
	bit_tree_init(&buddy->free, words, buddy->first[BUDDY_ORDER_MAX + 1]);
	/*@ assert kept: \forall integer o; 0 <= o <= BUDDY_ORDER_MAX + 1 ==>
	      buddy->first[o] == \at(buddy->first[o], Pre); */
	/*@ assert numbered: buddy_numbered(buddy); */
	return;
}

void buddy_init(struct buddy *buddy, uint64_t *words, uint32_t page_count)
{
	buddy->page_count = page_count;
	/*@ loop invariant 0 <= order <= BUDDY_ORDER_MAX + 2;
	    loop invariant \forall integer o; 0 <= o < order ==>
	      buddy->first[o] == numbers_below(page_count, o);
	    loop assigns order, buddy->first[0 .. BUDDY_ORDER_MAX + 1];
	    loop variant BUDDY_ORDER_MAX + 2 - order; */
	for (unsigned int order = 0; order <= BUDDY_ORDER_MAX + 1; order++)
		buddy->first[order] = numbers_below(page_count, order);
	/*@ assert few: numbers_bounded(page_count); */
	/*@ assert sums: numbered_by_sums(buddy); */
	clear_runs(buddy, words);
}

void buddy_give_range(struct buddy *buddy, uint32_t first, uint32_t end)
{
	/*@ loop invariant \at(first, Pre) <= first <= end && buddy_sound(buddy);
	    loop invariant \forall integer p; 0 <= p < buddy->page_count ==>
	      (page_free(buddy, p) <==> page_free{Pre}(buddy, p) || \at(first, Pre) <= p < first);
	    loop assigns first, buddy->free.words[0 .. buddy->free.start[BIT_TREE_LEVELS] - 1];
	    loop variant end - first; */
	while (first < end) {
		unsigned int order = 0;

		/*@ loop invariant 0 <= order <= BUDDY_ORDER_MAX;
		    loop invariant first % (1 << order) == 0 && first + (1 << order) <= end;
		    loop assigns order;
		    loop variant BUDDY_ORDER_MAX - order; */
		while (order < BUDDY_ORDER_MAX && first % (1U << (order + 1)) == 0 &&
		       end - first >= 1U << (order + 1))
			order++;
		/*@ assert aligned: run_aligned(first, order); */
		/*@ assert covers: run_covers(first >> order, order); */
		buddy_give(buddy, first, order);
		first += 1U << order;
	}
}
