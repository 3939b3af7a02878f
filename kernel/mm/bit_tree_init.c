/* SPDX-License-Identifier: MIT
 *
 * Where a bit tree's levels lie. A level has a word more than its bits need, so that the search
 * may look behind the last one.
 */
#include <kernel/mm/bit_tree.h>

#include <kernel/lib/bit_word.h>

/*@ requires bits <= BIT_TREE_MAX;
    assigns \nothing;
    ensures \result == words_over(bits); */
static uint32_t words_for(uint32_t bits)
{
	return bits / BIT_WORD_BITS + 1;
}

uint32_t bit_tree_words(uint32_t size)
{
	uint32_t first = words_for(size), second = words_for(first), third = words_for(second);
	uint32_t fourth = words_for(third);

	return first + second + third + fourth + words_for(fourth);
}

void bit_tree_init(struct bit_tree *tree, uint64_t *words, uint32_t size)
{
	uint32_t first = words_for(size), second = words_for(first), third = words_for(second);
	uint32_t fourth = words_for(third), total = bit_tree_words(size);

	tree->words = words;
	tree->size = size;
	tree->start[0] = 0;
	tree->start[1] = first;
	tree->start[2] = first + second;
	tree->start[3] = first + second + third;
	tree->start[4] = first + second + third + fourth;
	tree->start[5] = total;
	/*@ loop invariant 0 <= i <= total;
	    loop invariant \forall integer w; 0 <= w < i ==> words[w] == 0;
	    loop assigns i, words[0 .. total - 1];
	    loop variant total - i; */
	for (uint32_t i = 0; i < total; i++)
		words[i] = 0;
	/*@ assert sizes: level_words(tree, 0) == first && level_words(tree, 1) == second &&
	      level_words(tree, 2) == third && level_words(tree, 3) == fourth &&
	      level_words(tree, 4) == words_over(fourth); */
	/*@ assert ascending: \forall integer l; l == 1 || l == 2 || l == 3 || l == 4 ==>
	      \forall integer k; k == 1 || k == 2 || k == 3 || k == 4 ==> k <= l ==>
	      tree->start[k] <= tree->start[l]; */
	/*@ assert disjoint: \forall integer k, integer l; 0 <= k < l < BIT_TREE_LEVELS ==>
	      tree->start[k] + level_words(tree, k) <= tree->start[l]; */
	/*@ assert inside: \forall integer l; 0 <= l < BIT_TREE_LEVELS ==>
	      0 < level_words(tree, l) <= 0x1000000 &&
	      tree->start[l] + level_words(tree, l) <= tree->start[BIT_TREE_LEVELS]; */
	/*@ assert shrinks: second < 64 * third && third < 64 * fourth &&
	      first < 64 * second && fourth < 64 * words_over(fourth); */
	/*@ assert enough: \forall integer l; 1 <= l < BIT_TREE_LEVELS ==>
	      level_words(tree, l - 1) < 64 * level_words(tree, l); */
	/*@ assert reach: \forall integer n, integer l;
	      0 <= n <= size && 0 <= l < BIT_TREE_LEVELS ==>
	      word_of(n, l) < level_words(tree, l); */
	/*@ assert shape: tree_shape(tree); */
	/*@ assert empty: \forall integer l, integer w;
	      0 <= l < BIT_TREE_LEVELS && 0 <= w < level_words(tree, l) ==>
	      level_word(tree, l, w) == 0; */
	/*@ assert unset: \forall integer l, integer w, integer b;
	      0 <= l < BIT_TREE_LEVELS && 0 <= w < level_words(tree, l) && 0 <= b < 64 ==>
	      !bit_at(tree, l, w, b); */
	/*@ assert none: \forall integer n; !tree_member(tree, n); */
	/*@ assert linked: tree_linked(tree); */
	/*@ assert bounded: tree_bounded(tree); */
	/*@ assert reaches: tree_reaches(tree); */
	return;
}
