/* SPDX-License-Identifier: MIT
 *
 * What is proved of the bit tree: that it is a set of numbers, whatever its levels do.
 */
#pragma once

#ifndef TREE_IS_A_SET /* what a bit of a word is has no part in the proofs of a tree's callers */
#define BITS_OF_WORDS
#endif
#include "bits.h"
#include <kernel/mm/bit_tree.h>

/*@ // Where a number stands at a level: in which word, and at which bit of it.
    logic integer word_of(integer n, integer l) =
      l == 0 ? n / 64 : l == 1 ? n / 4096 : l == 2 ? n / 262144 : l == 3 ? n / 16777216 :
      l == 4 ? n / 1073741824 : n / 68719476736;
    logic integer digit(integer n, integer l) =
      l == 0 ? n % 64 : l == 1 ? n / 64 % 64 : l == 2 ? n / 4096 % 64 : l == 3 ? n / 262144 % 64 :
      l == 4 ? n / 16777216 % 64 : n / 1073741824 % 64;

    lemma digit_small: \forall integer n, integer l; 0 <= n ==> 0 <= digit(n, l) < 64;
    lemma word_small: \forall integer n, integer l; 0 <= n ==> 0 <= word_of(n, l) <= n;
    lemma word_none: \forall integer n; 0 <= n <= BIT_TREE_MAX ==> word_of(n, 4) == 0;
    lemma first_level: \forall integer n; 0 <= n ==> n == 64 * word_of(n, 0) + digit(n, 0);
    // A fact to ask for by name: as a lemma without one it would lead the provers astray.
    predicate words_step(integer l) = \forall integer n; 0 <= n ==>
      64 * word_of(n, l) <= word_of(n, l - 1);
    lemma word_step: \forall integer l; 1 <= l <= BIT_TREE_LEVELS ==> words_step(l);
    predicate words_divide(integer l) = \forall integer n; 0 <= n ==>
      word_of(n, l) == word_of(n, l - 1) / 64;
    lemma word_divides: \forall integer l; 1 <= l <= BIT_TREE_LEVELS ==> words_divide(l);
    lemma digit_step: \forall integer n, integer l; 0 <= n && 1 <= l <= BIT_TREE_LEVELS ==>
      digit(n, l) == word_of(n, l - 1) % 64;
    lemma next_level: \forall integer n, integer l; 0 <= n && 1 <= l <= BIT_TREE_LEVELS ==>
      word_of(n, l - 1) == 64 * word_of(n, l) + digit(n, l);

    // Words of a level.
    logic integer level_words(struct bit_tree *t, integer l) = t->start[l + 1] - t->start[l];

    logic integer level_word(struct bit_tree *t, integer l, integer w) =
      t->words[t->start[l] + w];
    predicate bit_at(struct bit_tree *t, integer l, integer w, integer b) =
      has_bit(level_word(t, l, w), b);

    predicate tree_member(struct bit_tree *t, integer n) =
      0 <= n < t->size && bit_at(t, 0, word_of(n, 0), digit(n, 0));

    // Every position that a search can come to has a word.
    predicate tree_shape(struct bit_tree *t) =
      t->size <= BIT_TREE_MAX && t->start[0] == 0 && t->size / 64 < level_words(t, 0) &&
      (\forall integer l; 0 <= l < BIT_TREE_LEVELS ==>
        0 < level_words(t, l) <= 0x1000000 &&
        t->start[l] + level_words(t, l) <= t->start[BIT_TREE_LEVELS]) &&
      (\forall integer k, integer l; 0 <= k < l < BIT_TREE_LEVELS ==>
        t->start[k] + level_words(t, k) <= t->start[l]) &&
      (\forall integer l; 1 <= l < BIT_TREE_LEVELS ==>
        level_words(t, l - 1) < 64 * level_words(t, l)) &&
      (\forall integer n, integer l; 0 <= n <= t->size && 0 <= l < BIT_TREE_LEVELS ==>
        word_of(n, l) < level_words(t, l)) &&
      \valid(t->words + (0 .. t->start[BIT_TREE_LEVELS] - 1));

    // A bit above the set says that its word below is not zero.
    predicate tree_linked(struct bit_tree *t) =
      \forall integer l, integer w, integer b;
        1 <= l < BIT_TREE_LEVELS && 0 <= w < level_words(t, l) && 0 <= b < 64 ==>
        (bit_at(t, l, w, b) <==>
         64 * w + b < level_words(t, l - 1) && level_word(t, l - 1, 64 * w + b) != 0);

    predicate tree_bounded(struct bit_tree *t) =
      \forall integer w, integer b; 0 <= w < level_words(t, 0) && 0 <= b < 64 ==>
        bit_at(t, 0, w, b) ==> 64 * w + b < t->size;

    // From the top there is a way to each member. (This follows from tree_linked.)
    predicate tree_reaches(struct bit_tree *t) =
      \forall integer n, integer l; tree_member(t, n) && 0 <= l < BIT_TREE_LEVELS ==>
        bit_at(t, l, word_of(n, l), digit(n, l));

    predicate tree_sound(struct bit_tree *t) =
      tree_shape(t) && tree_linked(t) && tree_bounded(t) && tree_reaches(t);

    // The words of a level whose bits stand for so many things, and of a tree of so many numbers.
    logic integer words_over(integer things) = things / 64 + 1;
    logic integer tree_words(integer size) =
      \let first = words_over(size); \let second = words_over(first);
      \let third = words_over(second); \let fourth = words_over(third);
      first + second + third + fourth + words_over(fourth);

    predicate not_before(integer n, integer l, integer w, integer b) =
      word_of(n, l) > w || (word_of(n, l) == w && digit(n, l) >= b); */

/*@ requires \valid_read(tree) && tree_sound(tree) && number < tree->size;
    assigns \nothing;
    ensures \result <==> tree_member(tree, number); */
bool bit_tree_test(const struct bit_tree *tree, uint32_t number);

/*@ requires \valid(tree) && tree_sound(tree) && number < tree->size;
    requires \separated(tree, tree->words + (0 .. tree->start[BIT_TREE_LEVELS] - 1));
    assigns tree->words[0 .. tree->start[BIT_TREE_LEVELS] - 1];
    ensures tree_sound(tree);
    ensures \forall integer n;
      tree_member(tree, n) <==> tree_member{Pre}(tree, n) || n == number; */
void bit_tree_add(struct bit_tree *tree, uint32_t number);

/*@ requires \valid(tree) && tree_sound(tree) && number < tree->size;
    requires \separated(tree, tree->words + (0 .. tree->start[BIT_TREE_LEVELS] - 1));
    assigns tree->words[0 .. tree->start[BIT_TREE_LEVELS] - 1];
    ensures tree_sound(tree);
    ensures \forall integer n;
      tree_member(tree, n) <==> tree_member{Pre}(tree, n) && n != number; */
void bit_tree_remove(struct bit_tree *tree, uint32_t number);

/*@ requires \valid_read(tree) && tree_sound(tree) && from <= tree->size;
    assigns \nothing;
    ensures \result == BIT_TREE_NONE || (\result >= from && tree_member(tree, \result));
    ensures \forall integer n; from <= n < \result ==> !tree_member(tree, n); */
uint32_t bit_tree_next(const struct bit_tree *tree, uint32_t from);

/*@ requires size <= BIT_TREE_MAX;
    assigns \nothing;
    ensures \result == tree_words(size); */
uint32_t bit_tree_words(uint32_t size);

/*@ requires \valid(tree) && size <= BIT_TREE_MAX;
    requires \valid(words + (0 .. tree_words(size) - 1));
    requires \separated(tree, words + (0 .. tree_words(size) - 1));
    assigns *tree, words[0 .. tree_words(size) - 1];
    ensures tree_sound(tree);
    ensures tree->words == words && tree->size == size;
    ensures tree->start[BIT_TREE_LEVELS] == tree_words(size);
    ensures \forall integer n; !tree_member(tree, n); */
void bit_tree_init(struct bit_tree *tree, uint64_t *words, uint32_t size);
