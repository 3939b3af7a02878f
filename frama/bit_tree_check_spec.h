/* SPDX-License-Identifier: MIT
 *
 * What is proved of the bit tree's run-time check: that it says yes exactly when tree_sound holds.
 * Whether memory is there is the one thing that a program cannot ask.
 */
#pragma once

#include "bit_tree_spec.h"
#include <kernel/mm/bit_tree_check.h>

/*@ lemma word_monotone: \forall integer n, integer m, integer l;
      0 <= n <= m ==> word_of(n, l) <= word_of(m, l);

    // tree_shape without the memory.
    predicate tree_numbers(struct bit_tree *t) =
      t->size <= BIT_TREE_MAX && t->start[0] == 0 && t->size / 64 < level_words(t, 0) &&
      (\forall integer l; 0 <= l < BIT_TREE_LEVELS ==>
        0 < level_words(t, l) <= 0x1000000 &&
        t->start[l] + level_words(t, l) <= t->start[BIT_TREE_LEVELS]) &&
      (\forall integer k, integer l; 0 <= k < l < BIT_TREE_LEVELS ==>
        t->start[k] + level_words(t, k) <= t->start[l]) &&
      (\forall integer l; 1 <= l < BIT_TREE_LEVELS ==>
        level_words(t, l - 1) < 64 * level_words(t, l)) &&
      (\forall integer n, integer l; 0 <= n <= t->size && 0 <= l < BIT_TREE_LEVELS ==>
        word_of(n, l) < level_words(t, l));

    predicate tree_memory(struct bit_tree *t) =
      \valid(t->words + (0 .. t->start[BIT_TREE_LEVELS] - 1));

    predicate bit_linked(struct bit_tree *t, integer l, integer w, integer b) =
      (bit_at(t, l, w, b) <==>
       64 * w + b < level_words(t, l - 1) && level_word(t, l - 1, 64 * w + b) != 0);
    predicate word_linked(struct bit_tree *t, integer l, integer w) =
      \forall integer b; 0 <= b < 64 ==> bit_linked(t, l, w, b);

    // A level's word and bit are the word one level below. A fact to ask for by name.
    predicate words_next(integer l) = \forall integer n; 0 <= n ==>
      0 <= digit(n, l) < 64 && 0 <= word_of(n, l) &&
      word_of(n, l - 1) == 64 * word_of(n, l) + digit(n, l);
    lemma word_next: \forall integer l; 1 <= l < BIT_TREE_LEVELS ==> words_next(l);

    // The word of each member is not zero.
    predicate tree_filled(struct bit_tree *t, integer l) =
      \forall integer n; tree_member(t, n) ==> level_word(t, l, word_of(n, l)) != 0;
    // And it is the word below its bit in the next level.
    predicate tree_filled_below(struct bit_tree *t, integer l) =
      \forall integer n; tree_member(t, n) ==>
        0 <= digit(n, l) < 64 && 0 <= word_of(n, l) < level_words(t, l) &&
        64 * word_of(n, l) + digit(n, l) == word_of(n, l - 1) < level_words(t, l - 1) &&
        level_word(t, l - 1, 64 * word_of(n, l) + digit(n, l)) != 0;

    predicate word_bounded(struct bit_tree *t, integer w) =
      \forall integer b; 0 <= b < 64 && bit_at(t, 0, w, b) ==> 64 * w + b < t->size;

    predicate tree_reaches_to(struct bit_tree *t, integer l) =
      \forall integer n; tree_member(t, n) ==> bit_at(t, l, word_of(n, l), digit(n, l)); */

/*@ requires \valid_read(tree) && tree_memory(tree);
    assigns \nothing;
    ensures \result <==> tree_sound(tree); */
bool bit_tree_is_sound(const struct bit_tree *tree);
