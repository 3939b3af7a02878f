/* SPDX-License-Identifier: MIT
 *
 * The buddy system's invariant, evaluated. Proved to mean what the proofs of buddy.c start from.
 */
#include <kernel/mm/buddy_check.h>

#include <kernel/mm/bit_tree_check.h>

/* Each order's numbers follow the ones below it. */
/*@ requires \valid_read(buddy);
    assigns \nothing;
    ensures \result <==> buddy_shape(buddy); */
static bool has_shape(const struct buddy *buddy)
{
	if (buddy->page_count > BUDDY_PAGES_MAX || buddy->first[0] != 0 ||
	    buddy->free.size != buddy->first[BUDDY_ORDER_MAX + 1])
		return false;
	/*@ assert runs: runs_in_order(buddy->page_count); */
	/*@ loop invariant 0 <= order <= BUDDY_ORDER_MAX + 1;
	    loop invariant \forall integer o; 0 <= o < order ==>
	      buddy->first[o + 1] == buddy->first[o] + (buddy->page_count >> o) + 1;
	    loop invariant \forall integer k; 0 <= k < order ==>
	      buddy->first[k] + (buddy->page_count >> k) < buddy->first[order];
	    loop invariant \forall integer k, integer o; 0 <= k < o < order ==>
	      buddy->first[k] + (buddy->page_count >> k) < buddy->first[o];
	    loop invariant buddy->first[order] <= order * (BUDDY_PAGES_MAX + 1);
	    loop assigns order;
	    loop variant BUDDY_ORDER_MAX + 1 - order; */
	for (unsigned int order = 0; order <= BUDDY_ORDER_MAX; order++) {
		/*@ assert small: 0 <= (buddy->page_count >> order) <= buddy->page_count; */
		if (buddy->first[order + 1] !=
		    buddy->first[order] + (buddy->page_count >> order) + 1)
			return false;
		/*@ assert next: \forall integer k; 0 <= k <= order ==>
		      buddy->first[k] + (buddy->page_count >> k) < buddy->first[order + 1]; */
	}
	return true;
}

/* The number behind each order's last run is nobody's. */
/*@ requires \valid_read(buddy) && tree_sound(&buddy->free) && buddy_shape(buddy);
    assigns \nothing;
    ensures \result <==> buddy_bounded(buddy); */
static bool is_bounded(const struct buddy *buddy)
{
	/*@ loop invariant 0 <= order <= BUDDY_ORDER_MAX + 1;
	    loop invariant \forall integer o; 0 <= o < order ==>
	      !free_run(buddy, o, buddy->page_count >> o);
	    loop assigns order;
	    loop variant BUDDY_ORDER_MAX + 1 - order; */
	for (unsigned int order = 0; order <= BUDDY_ORDER_MAX; order++)
		if (bit_tree_test(&buddy->free, buddy->first[order] + (buddy->page_count >> order)))
			return false;
	return true;
}

/* No larger free run has the pages of this one. */
/*@ requires \valid_read(buddy) && tree_sound(&buddy->free) && buddy_shape(buddy);
    requires order <= BUDDY_ORDER_MAX && run < (buddy->page_count >> order);
    assigns \nothing;
    ensures \result <==> run_alone(buddy, order, run); */
static bool stands_alone(const struct buddy *buddy, unsigned int order, uint32_t run)
{
	uint32_t above = run;

	/*@ assert begins: run_begins(buddy->page_count, run, order); */
	/*@ loop invariant order <= larger <= BUDDY_ORDER_MAX;
	    loop invariant above <= (buddy->page_count >> larger);
	    loop invariant \forall integer p; 0 <= p < buddy->page_count && (p >> order) == run ==>
	      (p >> larger) == above;
	    loop invariant \forall integer p, integer o;
	      0 <= p < buddy->page_count && (p >> order) == run && order < o <= larger ==>
	      !free_run(buddy, o, p >> o);
	    loop assigns larger, above;
	    loop variant BUDDY_ORDER_MAX - larger; */
	for (unsigned int larger = order; larger < BUDDY_ORDER_MAX; larger++) {
		/*@ assert halve: runs_halve(larger + 1); */
		above /= 2;
		if (bit_tree_test(&buddy->free, buddy->first[larger + 1] + above)) {
			/*@ assert its: free_run(buddy, larger + 1, above); */
			/*@ assert there: (\let p = run << order;
			      0 <= p < buddy->page_count && (p >> order) == run &&
			      (p >> (larger + 1)) == above); */
			/*@ assert shared: !run_alone(buddy, order, run); */
			return false;
		}
	}
	/*@ assert alone: run_alone(buddy, order, run); */
	return true;
}

/* The order that a number of the tree belongs to. */
/*@ requires \valid_read(buddy) && buddy_shape(buddy) && number < buddy->free.size;
    assigns \nothing;
    ensures \result <= BUDDY_ORDER_MAX;
    ensures buddy->first[\result] <= number < buddy->first[\result + 1]; */
static unsigned int order_of(const struct buddy *buddy, uint32_t number)
{
	unsigned int order = 0;

	/*@ loop invariant 0 <= order <= BUDDY_ORDER_MAX && buddy->first[order] <= number;
	    loop assigns order;
	    loop variant BUDDY_ORDER_MAX - order; */
	while (number >= buddy->first[order + 1])
		order++;
	return order;
}

/*@ requires \valid_read(buddy) && tree_sound(&buddy->free) && buddy_shape(buddy);
    requires buddy_bounded(buddy);
    assigns \nothing;
    ensures \result <==> buddy_apart(buddy); */
static bool is_apart(const struct buddy *buddy)
{
	uint32_t number = bit_tree_next(&buddy->free, 0);

	/*@ loop invariant number == BIT_TREE_NONE || tree_member(&buddy->free, number);
	    loop invariant \forall integer p, integer k; 0 <= p < buddy->page_count &&
	      0 <= k <= BUDDY_ORDER_MAX && buddy->first[k] + (p >> k) < number &&
	      free_run(buddy, k, p >> k) ==> run_alone(buddy, k, p >> k);
	    loop assigns number;
	    loop variant BIT_TREE_NONE - number; */
	while (number != BIT_TREE_NONE) {
		unsigned int order = order_of(buddy, number);
		uint32_t run = number - buddy->first[order];

		/*@ assert is_free: free_run(buddy, order, run); */
		/*@ assert below: run <= (buddy->page_count >> order); */
		/*@ assert in_memory: run != (buddy->page_count >> order); */
		if (!stands_alone(buddy, order, run))
			return false;
		number = bit_tree_next(&buddy->free, number + 1);
	}
	return true;
}

bool buddy_is_sound(const struct buddy *buddy)
{
	return bit_tree_is_sound(&buddy->free) && has_shape(buddy) && is_bounded(buddy) &&
	       is_apart(buddy);
}
