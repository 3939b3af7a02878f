/* SPDX-License-Identifier: MIT
 *
 * What is proved of setting the page allocator up: the orders' numbers, that nothing is free at
 * first, and that ranges of memory become free whole. The sums stay out of the other proofs, which
 * they would only lead astray.
 */
#pragma once

#include "buddy_spec.h"

/*@ lemma numbered_still{A, B}: \forall struct buddy *b;
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
    lemma numbered{L}: \forall struct buddy *b; numbered_by_sums(b) ==> buddy_numbered(b); */

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
