/* SPDX-License-Identifier: MIT
 *
 * The invariant: bit i of level n + 1 is set if and only if word i of level n is
 * not zero.
 */
#include <kernel/mm/bit_tree.h>

#define WORD_BITS 64

static uint64_t words_for(uint64_t bits)
{
	/* One word at least, so that each level can be looked at without asking. */
	return bits == 0 ? 1 : (bits + WORD_BITS - 1) / WORD_BITS;
}

uint64_t bit_tree_words(uint64_t size)
{
	uint64_t total = 0, bits = size;

	for (unsigned int level = 0; level < BIT_TREE_LEVELS; level++) {
		bits = words_for(bits);
		total += bits;
	}
	return total;
}

void bit_tree_init(struct bit_tree *tree, uint64_t *words, uint64_t size)
{
	uint64_t total = bit_tree_words(size), bits = size;

	for (uint64_t i = 0; i < total; i++)
		words[i] = 0;
	for (unsigned int level = 0; level < BIT_TREE_LEVELS; level++) {
		tree->level[level] = words;
		bits = words_for(bits);
		words += bits;
	}
	tree->size = size;
}

bool bit_tree_test(const struct bit_tree *tree, uint64_t number)
{
	return number < tree->size &&
	       (tree->level[0][number / WORD_BITS] >> (number % WORD_BITS) & 1) != 0;
}

void bit_tree_add(struct bit_tree *tree, uint64_t number)
{
	for (unsigned int level = 0; level < BIT_TREE_LEVELS; level++) {
		uint64_t *word = &tree->level[level][number / WORD_BITS];
		uint64_t before = *word;

		*word = before | 1UL << (number % WORD_BITS);
		if (before != 0)
			return; /* the levels above know already */
		number /= WORD_BITS;
	}
}

void bit_tree_remove(struct bit_tree *tree, uint64_t number)
{
	for (unsigned int level = 0; level < BIT_TREE_LEVELS; level++) {
		uint64_t *word = &tree->level[level][number / WORD_BITS];

		*word &= ~(1UL << (number % WORD_BITS));
		if (*word != 0)
			return;
		number /= WORD_BITS;
	}
}

uint64_t bit_tree_first(const struct bit_tree *tree)
{
	uint64_t number = 0;

	for (unsigned int level = BIT_TREE_LEVELS; level-- > 0;) {
		uint64_t word = tree->level[level][number];

		if (word == 0)
			return BIT_TREE_NONE; /* only at the top, by the invariant */
		number = number * WORD_BITS + (uint64_t)__builtin_ctzl(word);
	}
	return number;
}
