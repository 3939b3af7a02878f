/* SPDX-License-Identifier: MIT
 *
 * What is proved of the page allocator's data: each page lies in one free run at most, taking a run
 * takes exactly its pages away, and giving one back adds exactly its pages: no page is handed out
 * twice, and none is lost.
 */
#pragma once

#define BITS_OF_RUNS
#define TREE_IS_A_SET
#include "bit_tree_spec.h"
#include <kernel/mm/buddy.h>

/*@ // The free run of an order at `run << order`.
    predicate free_run(struct buddy *b, integer order, integer run) =
      tree_member(&b->free, b->first[order] + run);

    predicate page_free(struct buddy *b, integer page) =
      \exists integer o; 0 <= o <= BUDDY_ORDER_MAX && free_run(b, o, page >> o);

    lemma run_makes_free{L}: \forall struct buddy *b, integer o, integer page;
      0 <= o <= BUDDY_ORDER_MAX && free_run(b, o, page >> o) ==> page_free(b, page);

    // Each order has its own numbers: one for each run, and one behind the last.
    predicate buddy_numbered(struct buddy *b) =
      b->page_count <= BUDDY_PAGES_MAX && b->first[0] == 0 && runs_in_order(b->page_count) &&
      (\forall integer o; 0 <= o <= BUDDY_ORDER_MAX ==>
        b->first[o + 1] == b->first[o] + (b->page_count >> o) + 1) &&
      (\forall integer k, integer o; 0 <= k < o <= BUDDY_ORDER_MAX + 1 ==>
        b->first[k] + (b->page_count >> k) < b->first[o]);

    predicate buddy_shape(struct buddy *b) =
      buddy_numbered(b) && b->free.size == b->first[BUDDY_ORDER_MAX + 1];

    predicate buddy_bounded(struct buddy *b) =
      \forall integer o; 0 <= o <= BUDDY_ORDER_MAX ==> !free_run(b, o, b->page_count >> o);

    predicate buddy_apart(struct buddy *b) =
      \forall integer p, integer k, integer o;
        0 <= p < b->page_count && 0 <= k < o <= BUDDY_ORDER_MAX ==>
        !(free_run(b, k, p >> k) && free_run(b, o, p >> o));

    predicate buddy_sound(struct buddy *b) =
      tree_sound(&b->free) && buddy_shape(b) && buddy_bounded(b) && buddy_apart(b) &&
      \separated(b, b->free.words + (0 .. b->free.start[BIT_TREE_LEVELS] - 1));

    predicate run_free(struct buddy *b, integer order, integer run) =
      \forall integer p; 0 <= p < b->page_count && (p >> order) == run ==> page_free(b, p);
    predicate run_held(struct buddy *b, integer order, integer run) =
      \forall integer p; 0 <= p < b->page_count && (p >> order) == run ==> !page_free(b, p);

    // Before, the pages of the run were free and now they are not; all others are as they were.
    predicate only_run_taken{Before, After}(struct buddy *b, integer order, integer run) =
      \forall integer p; 0 <= p < \at(b->page_count, Before) ==>
        (page_free{Before}(b, p) <==> page_free{After}(b, p) || (p >> order) == run); */

/*@ requires \valid(buddy) && buddy_sound(buddy) && order <= BUDDY_ORDER_MAX;
    assigns buddy->free.words[0 .. buddy->free.start[BIT_TREE_LEVELS] - 1];
    ensures buddy_sound(buddy);
    ensures \result != BUDDY_NONE ==> only_run_taken{Pre, Post}(buddy, order, \result >> order);
    ensures \result != BUDDY_NONE ==> run_held(buddy, order, \result >> order);
    ensures \result != BUDDY_NONE ==> ((\result >> order) << order) == \result &&
      (\result >> order) < (buddy->page_count >> order);
    ensures \result == BUDDY_NONE ==> \forall integer p; 0 <= p < buddy->page_count ==>
      (page_free(buddy, p) <==> page_free{Pre}(buddy, p));
    ensures \result == BUDDY_NONE ==> \forall integer o, integer r;
      order <= o <= BUDDY_ORDER_MAX && 0 <= r <= (buddy->page_count >> o) ==>
      !free_run(buddy, o, r); */
uint32_t buddy_take(struct buddy *buddy, unsigned int order);

/*@ requires \valid(buddy) && buddy_sound(buddy) && order <= BUDDY_ORDER_MAX;
    requires (page >> order) < (buddy->page_count >> order);
    requires run_held(buddy, order, page >> order);
    assigns buddy->free.words[0 .. buddy->free.start[BIT_TREE_LEVELS] - 1];
    ensures buddy_sound(buddy);
    ensures only_run_taken{Post, Pre}(buddy, order, page >> order); */
void buddy_give(struct buddy *buddy, uint32_t page, unsigned int order);

/*@ requires \valid_read(buddy) && buddy_sound(buddy) && page < buddy->page_count;
    assigns \nothing;
    ensures \result <==> page_free(buddy, page); */
bool buddy_is_free(const struct buddy *buddy, uint32_t page);
