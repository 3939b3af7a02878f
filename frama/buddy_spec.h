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

    lemma numbered_still{A, B}: \forall struct buddy *b;
      buddy_numbered{A}(b) && \at(b->page_count, A) == \at(b->page_count, B) &&
      (\forall integer o; 0 <= o <= BUDDY_ORDER_MAX + 1 ==>
        \at(b->first[o], A) == \at(b->first[o], B)) ==> buddy_numbered{B}(b);

    // How many numbers an order has, if it lies below another; how many all of those have.
    logic integer own_numbers(integer pages, integer own, integer order) =
      own < order ? (pages >> own) + 1 : 0;
    logic integer numbers_below(integer pages, integer order) =
      own_numbers(pages, 0, order) + own_numbers(pages, 1, order) +
      own_numbers(pages, 2, order) + own_numbers(pages, 3, order) +
      own_numbers(pages, 4, order) + own_numbers(pages, 5, order) +
      own_numbers(pages, 6, order) + own_numbers(pages, 7, order) +
      own_numbers(pages, 8, order) + own_numbers(pages, 9, order) +
      own_numbers(pages, 10, order);
    logic integer buddy_numbers(integer pages) = numbers_below(pages, BUDDY_ORDER_MAX + 1);

    predicate numbers_step(integer pages) = \forall integer o; 0 <= o <= BUDDY_ORDER_MAX ==>
      numbers_below(pages, o + 1) == numbers_below(pages, o) + (pages >> o) + 1;
    predicate numbers_apart(integer pages) =
      \forall integer k, integer o; 0 <= k < o <= BUDDY_ORDER_MAX + 1 ==>
      numbers_below(pages, k) + (pages >> k) < numbers_below(pages, o);
    predicate numbers_bounded(integer pages) =
      \forall integer o; 0 <= o <= BUDDY_ORDER_MAX + 1 ==>
      0 <= numbers_below(pages, o) <= 2 * pages + BUDDY_ORDER_MAX + 1;
    lemma runs_all_halve: runs_halve(1) && runs_halve(2) && runs_halve(3) && runs_halve(4) &&
      runs_halve(5) && runs_halve(6) && runs_halve(7) && runs_halve(8) && runs_halve(9) &&
      runs_halve(10);
    lemma numbers_next: \forall integer n; 0 <= n <= BUDDY_PAGES_MAX ==> numbers_step(n);
    lemma numbers_behind: \forall integer n; 0 <= n <= BUDDY_PAGES_MAX ==> numbers_apart(n);
    lemma numbers_few: \forall integer n; 0 <= n <= BUDDY_PAGES_MAX ==> numbers_bounded(n);
    predicate numbered_by_sums(struct buddy *b) =
      0 <= b->page_count <= BUDDY_PAGES_MAX &&
      (\forall integer o; 0 <= o <= BUDDY_ORDER_MAX + 1 ==>
        b->first[o] == numbers_below(b->page_count, o));
    lemma numbered{L}: \forall struct buddy *b; numbered_by_sums(b) ==> buddy_numbered(b);

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

/*@ requires page_count <= BUDDY_PAGES_MAX;
    assigns \nothing;
    ensures \result == tree_words(buddy_numbers(page_count)); */
uint32_t buddy_words(uint32_t page_count);

/*@ requires \valid(buddy) && page_count <= BUDDY_PAGES_MAX;
    requires \valid(words + (0 .. tree_words(buddy_numbers(page_count)) - 1));
    requires \separated(buddy, words + (0 .. tree_words(buddy_numbers(page_count)) - 1));
    assigns *buddy, words[0 .. tree_words(buddy_numbers(page_count)) - 1];
    ensures buddy_sound(buddy) && buddy->page_count == page_count;
    ensures \forall integer p; 0 <= p < page_count ==> !page_free(buddy, p); */
void buddy_init(struct buddy *buddy, uint64_t *words, uint32_t page_count);

/*@ requires \valid(buddy) && buddy_sound(buddy) && first <= end <= buddy->page_count;
    requires \forall integer p; first <= p < end ==> !page_free(buddy, p);
    assigns buddy->free.words[0 .. buddy->free.start[BIT_TREE_LEVELS] - 1];
    ensures buddy_sound(buddy);
    ensures \forall integer p; 0 <= p < buddy->page_count ==>
      (page_free(buddy, p) <==> page_free{Pre}(buddy, p) || first <= p < end); */
void buddy_give_range(struct buddy *buddy, uint32_t first, uint32_t end);
