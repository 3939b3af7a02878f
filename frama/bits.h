/* SPDX-License-Identifier: MIT
 *
 * What masks do to numbers, which WP's integers cannot prove. Believed here; each is proved over
 * bit vectors by z3 from the formula of the same name in frama/bits.smt2.
 */
#pragma once

#include <stdint.h>

#ifdef BITS_PAGE_MASK
/*@ axiomatic bits_of_pages {
      axiom page_mask: \forall integer x; 0 <= x <= 0xffffffffffffffff ==>
        (x & 0xfffffffffffff000) == x - x % 4096;
    } */
#endif

#ifdef BITS_NEWC
/*@ axiomatic bits_of_newc {
      axiom word_mask: \forall integer x; 0 <= x <= 0xffffffffffffffff ==>
        (x & 0xfffffffffffffffc) == x - x % 4;
      axiom shift_by_four: \forall integer x; 0 <= x < 0x10000000 ==> (x << 4) == x * 16;
      axiom nibble: \forall integer x, integer d; 0 <= x < 0x10000000 && 0 <= d < 16 ==>
        ((x << 4) | d) == x * 16 + d;
    } */
#endif

/*@ axiomatic word_is_a_set {
      predicate has_bit(integer word, integer bit);
    } */

#ifdef BITS_OF_WORDS
/*@ axiomatic shifts_of_words {
      axiom bit_shift: \forall integer i; 0 <= i < 64 ==> 0 < (1 << i) <= 0xffffffffffffffff;
      axiom bit_shift_back: \forall integer w, integer i;
        0 <= w <= 0xffffffffffffffff && 0 <= i < 64 ==> 0 <= ((uint64_t)(w >> i) << i) <= w;
    } */

/* has_bit means what bit_word_test computes; that the lowest one is what __builtin_ctzl counts to
 * is the compiler's promise. */
/*@ axiomatic bits_of_words {
      axiom bit_test: \forall integer w, integer i;
        0 <= w <= 0xffffffffffffffff && 0 <= i < 64 ==>
        (((w >> i) & 1) != 0 <==> has_bit(w, i));
      axiom bit_none: \forall integer i; 0 <= i < 64 ==> !has_bit(0, i);
      axiom bit_some: \forall integer w; 0 < w <= 0xffffffffffffffff ==>
        \exists integer i; 0 <= i < 64 && has_bit(w, i);
      axiom bit_set: \forall integer w, integer i, integer j;
        0 <= w <= 0xffffffffffffffff && 0 <= i < 64 && 0 <= j < 64 ==>
        (has_bit((w | (1 << i)), j) <==> j == i || has_bit(w, j));
      axiom bit_clear: \forall integer w, integer i, integer j;
        0 <= w <= 0xffffffffffffffff && 0 <= i < 64 && 0 <= j < 64 ==>
        (has_bit((w & (uint64_t)(~(1 << i))), j) <==> j != i && has_bit(w, j));
      axiom bit_from: \forall integer w, integer i, integer j;
        0 <= w <= 0xffffffffffffffff && 0 <= i < 64 && 0 <= j < 64 ==>
        (has_bit(((w >> i) << i), j) <==> j >= i && has_bit(w, j));
    } */

/*@ requires word != 0;
    assigns \nothing;
    ensures 0 <= \result < 64 && has_bit(word, \result);
    ensures \forall integer i; 0 <= i < \result ==> !has_bit(word, i); */
int __builtin_ctzl(unsigned long word);
#endif

#ifdef BITS_OF_UNIONS
/*@ axiomatic unions_of_words {
      axiom bit_union: \forall integer v, integer w, integer i;
        0 <= v <= 0xffffffffffffffff && 0 <= w <= 0xffffffffffffffff && 0 <= i < 64 ==>
        (has_bit((v | w), i) <==> has_bit(v, i) || has_bit(w, i));
      axiom bit_minus: \forall integer v, integer w, integer i;
        0 <= v <= 0xffffffffffffffff && 0 <= w <= 0xffffffffffffffff && 0 <= i < 64 ==>
        (has_bit((v & (uint64_t)(~w)), i) <==> has_bit(v, i) && !has_bit(w, i));
    } */
#endif

#ifdef BITS_OF_RUNS
/* Runs of 2^o pages. Each fact has a name, so that a proof can ask for it where it helps. */
/*@ predicate runs_halve(integer o) = \forall integer p; 0 <= p <= 0xffffffff ==>
      0 <= 2 * (p >> o) <= (p >> (o - 1)) <= 2 * (p >> o) + 1;
    predicate runs_in_order(integer n) = \forall integer p, integer o;
      0 <= p <= n && 0 <= o <= 10 ==> 0 <= (p >> o) <= (n >> o) <= n;
    predicate run_begins(integer n, integer r, integer o) =
      0 <= (r << o) < n && ((r << o) >> o) == r;
    predicate run_covers(integer r, integer o) = \forall integer p; 0 <= p <= 0xffffffff ==>
      ((p >> o) == r <==> (r << o) <= p < (r << o) + (1 << o));
    predicate run_aligned(integer f, integer o) =
      f % (1 << o) == 0 ==> ((f >> o) << o) == f;
    predicate run_has_buddy(integer r) = (r ^ 1) == (r % 2 == 0 ? r + 1 : r - 1); */

/*@ axiomatic bits_of_runs {
      axiom run_halves: \forall integer o; 1 <= o <= 11 ==> runs_halve(o);
      axiom run_order: \forall integer n; 0 <= n <= 0xffffffff ==> runs_in_order(n);
      axiom run_back: \forall integer n, integer r, integer o;
        0 <= n <= 0x10000000 && 0 <= o <= 10 && 0 <= r < (n >> o) ==> run_begins(n, r, o);
      axiom run_size: \forall integer o; 0 <= o <= 11 ==> 1 <= (1 << o) <= 2048;
      axiom run_pages: \forall integer r, integer o;
        0 <= r <= 0x10000000 && 0 <= o <= 10 ==> run_covers(r, o);
      axiom run_start: \forall integer f, integer o;
        0 <= f <= 0xffffffff && 0 <= o <= 10 ==> run_aligned(f, o);
      axiom run_buddy: \forall integer r; 0 <= r <= 0xffffffff ==> run_has_buddy(r);
    } */
#endif
