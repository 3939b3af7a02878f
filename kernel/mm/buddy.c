/* SPDX-License-Identifier: MIT
 *
 * The invariant: free runs are disjoint (proved), and no two buddies of one order are both
 * free (they would have merged). Setting up is in buddy_init.c.
 */
#include <kernel/mm/buddy.h>

/*@ requires \valid(buddy) && buddy_sound(buddy) && order <= BUDDY_ORDER_MAX;
    requires run < (buddy->page_count >> order) && run_held(buddy, order, run);
    assigns buddy->free.words[0 .. buddy->free.start[BIT_TREE_LEVELS] - 1];
    ensures buddy_sound(buddy);
    ensures only_run_taken{Post, Pre}(buddy, order, run);
    ensures run_free(buddy, order, run); */
static void mark_free(struct buddy *buddy, unsigned int order, uint32_t run)
{
	/*@ assert none: \forall integer o, integer p; 0 <= o <= BUDDY_ORDER_MAX &&
	      0 <= p < buddy->page_count && (p >> order) == run ==> !free_run(buddy, o, p >> o); */
	bit_tree_add(&buddy->free, buddy->first[order] + run);
	/*@ assert runs: \forall integer o, integer r;
	      0 <= o <= BUDDY_ORDER_MAX && 0 <= r <= (buddy->page_count >> o) ==>
	      (free_run(buddy, o, r) <==>
	       free_run{Pre}(buddy, o, r) || (o == order && r == run)); */
	/*@ assert covers: \forall integer o, integer p;
	      0 <= o <= BUDDY_ORDER_MAX && 0 <= p < buddy->page_count ==>
	      (free_run(buddy, o, p >> o) <==>
	       free_run{Pre}(buddy, o, p >> o) || (o == order && (p >> o) == run)); */
	/*@ assert bounded: buddy_bounded(buddy); */
	/*@ assert apart: buddy_apart(buddy); */
	/*@ assert of_run: \forall integer p;
	      0 <= p < buddy->page_count && (p >> order) == run ==> page_free(buddy, p); */
	/*@ assert of_others: \forall integer p;
	      0 <= p < buddy->page_count && page_free{Pre}(buddy, p) ==> page_free(buddy, p); */
	/*@ assert no_others: \forall integer p; 0 <= p < buddy->page_count &&
	      page_free(buddy, p) && (p >> order) != run ==> page_free{Pre}(buddy, p); */
	return;
}

/*@ requires \valid(buddy) && buddy_sound(buddy) && order <= BUDDY_ORDER_MAX;
    requires run < (buddy->page_count >> order) && free_run(buddy, order, run);
    assigns buddy->free.words[0 .. buddy->free.start[BIT_TREE_LEVELS] - 1];
    ensures buddy_sound(buddy);
    ensures only_run_taken{Pre, Post}(buddy, order, run);
    ensures run_held(buddy, order, run); */
static void mark_held(struct buddy *buddy, unsigned int order, uint32_t run)
{
	bit_tree_remove(&buddy->free, buddy->first[order] + run);
	/*@ assert runs: \forall integer o, integer r;
	      0 <= o <= BUDDY_ORDER_MAX && 0 <= r <= (buddy->page_count >> o) ==>
	      (free_run(buddy, o, r) <==>
	       free_run{Pre}(buddy, o, r) && !(o == order && r == run)); */
	/*@ assert covers: \forall integer o, integer p;
	      0 <= o <= BUDDY_ORDER_MAX && 0 <= p < buddy->page_count ==>
	      (free_run(buddy, o, p >> o) <==>
	       free_run{Pre}(buddy, o, p >> o) && !(o == order && (p >> o) == run)); */
	/*@ assert bounded: buddy_bounded(buddy); */
	/*@ assert apart: buddy_apart(buddy); */
	/*@ assert held: \forall integer o, integer p; 0 <= o <= BUDDY_ORDER_MAX &&
	      0 <= p < buddy->page_count && (p >> order) == run ==> !free_run(buddy, o, p >> o); */
	/*@ assert of_run: \forall integer p;
	      0 <= p < buddy->page_count && (p >> order) == run ==> page_free{Pre}(buddy, p); */
	/*@ assert of_others: \forall integer p;
	      0 <= p < buddy->page_count && page_free(buddy, p) ==> page_free{Pre}(buddy, p); */
	/*@ assert no_others: \forall integer p; 0 <= p < buddy->page_count &&
	      page_free{Pre}(buddy, p) && (p >> order) != run ==> page_free(buddy, p); */
	return;
}

uint32_t buddy_take(struct buddy *buddy, unsigned int order)
{
	uint32_t number = bit_tree_next(&buddy->free, buddy->first[order]), run, page;
	unsigned int found = order;

	if (number == BIT_TREE_NONE) {
		/*@ assert no_run: \forall integer o, integer r; order <= o <= BUDDY_ORDER_MAX &&
		      0 <= r <= (buddy->page_count >> o) ==>
		      buddy->first[order] <= buddy->first[o] + r; */
		/*@ assert all_small: \forall integer o, integer r; order <= o <= BUDDY_ORDER_MAX &&
		      0 <= r <= (buddy->page_count >> o) ==> !free_run(buddy, o, r); */
		return BUDDY_NONE;
	}
	/*@ assert below: number < buddy->first[BUDDY_ORDER_MAX + 1]; */
	/*@ loop invariant order <= found <= BUDDY_ORDER_MAX && buddy->first[found] <= number;
	    loop assigns found;
	    loop variant BUDDY_ORDER_MAX - found; */
	while (number >= buddy->first[found + 1])
		found++;
	run = number - buddy->first[found];
	/*@ assert in_order: run <= (buddy->page_count >> found); */
	/*@ assert is_free: free_run(buddy, found, run); */
	/*@ assert in_memory: run != (buddy->page_count >> found); */
	mark_held(buddy, found, run);
	/* Keep the lower half, free the upper one, until the size fits. */
	/*@ loop invariant order <= found <= BUDDY_ORDER_MAX && buddy_sound(buddy);
	    loop invariant run < (buddy->page_count >> found);
	    loop invariant only_run_taken{Pre, Here}(buddy, found, run);
	    loop invariant run_held(buddy, found, run);
	    loop assigns found, run, buddy->free.words[0 .. buddy->free.start[BIT_TREE_LEVELS] - 1];
	    loop variant found; */
	while (found > order) {
		/*@ assert halve: runs_halve(found); */
		/*@ assert whole: 2 * (buddy->page_count >> found) <=
		      (buddy->page_count >> (found - 1)); */
		/*@ assert room: 2 * run + 1 < (buddy->page_count >> (found - 1)); */
		/*@ assert halves: \forall integer p; 0 <= p < buddy->page_count ==>
		      ((p >> found) == run <==>
		       (p >> (found - 1)) == 2 * run || (p >> (found - 1)) == 2 * run + 1); */
		found--;
		run *= 2;
		mark_free(buddy, found, run + 1);
	}
	/*@ assert begins: run_begins(buddy->page_count, run, order); */
	/*@ assert exact: found == order && only_run_taken{Pre, Here}(buddy, order, run); */
	page = run << order;
	/*@ assert page != BUDDY_NONE; */
	/*@ assert starts: (page >> order) == run; */
	/*@ assert none_left: (page >> order) < (buddy->page_count >> order); */
	/*@ assert aligned: ((page >> order) << order) == page; */
	/*@ assert held: run_held(buddy, order, page >> order); */
	/*@ assert taken: only_run_taken{Pre, Here}(buddy, order, page >> order); */
	return page;
}

/* Whether the run of this order and number is a free one. */
/*@ requires \valid_read(buddy) && buddy_sound(buddy) && order <= BUDDY_ORDER_MAX;
    requires run <= (buddy->page_count >> order);
    assigns \nothing;
    ensures \result <==> free_run(buddy, order, run); */
static bool is_free_run(const struct buddy *buddy, unsigned int order, uint32_t run)
{
	return bit_tree_test(&buddy->free, buddy->first[order] + run);
}

void buddy_give(struct buddy *buddy, uint32_t page, unsigned int order)
{
	uint32_t run = page >> order;

	/*@ loop invariant \at(order, Pre) <= order <= BUDDY_ORDER_MAX && buddy_sound(buddy);
	    loop invariant run_has_buddy(run);
	    loop invariant run < (buddy->page_count >> order);
	    loop invariant run_held(buddy, order, run);
	    loop invariant \forall integer p; 0 <= p < buddy->page_count ==>
	      (page_free(buddy, p) || (p >> order) == run <==>
	       page_free{Pre}(buddy, p) || (p >> \at(order, Pre)) == (page >> \at(order, Pre)));
	    loop assigns order, run, buddy->free.words[0 .. buddy->free.start[BIT_TREE_LEVELS] - 1];
	    loop variant BUDDY_ORDER_MAX - order; */
	while (order < BUDDY_ORDER_MAX && is_free_run(buddy, order, run ^ 1)) {
		/*@ assert is_free: free_run(buddy, order, run ^ 1); */
		/*@ assert pair: (run == 2 * (run / 2) && (run ^ 1) == run + 1) ||
		      (run == 2 * (run / 2) + 1 && (run ^ 1) == run - 1); */
		/*@ assert bound: !free_run(buddy, order, buddy->page_count >> order); */
		/*@ assert in_memory: (run ^ 1) < (buddy->page_count >> order); */
		/*@ assert halve: runs_halve(order + 1); */
		/*@ assert room: run / 2 < (buddy->page_count >> (order + 1)); */
		/*@ assert halves: \forall integer p; 0 <= p < buddy->page_count ==>
		      ((p >> (order + 1)) == run / 2 <==>
		       (p >> order) == run || (p >> order) == (run ^ 1)); */
		mark_held(buddy, order, run ^ 1);
		run /= 2;
		order++;
	}
	mark_free(buddy, order, run);
}

bool buddy_is_free(const struct buddy *buddy, uint32_t page)
{
	/*@ loop invariant 0 <= order <= BUDDY_ORDER_MAX + 1;
	    loop invariant \forall integer o; 0 <= o < order ==> !free_run(buddy, o, page >> o);
	    loop assigns order;
	    loop variant BUDDY_ORDER_MAX + 1 - order; */
	for (unsigned int order = 0; order <= BUDDY_ORDER_MAX; order++) {
		if (is_free_run(buddy, order, page >> order))
			return true;
		/*@ assert not_here: !free_run(buddy, order, page >> order); */
	}
	return false;
}
