/* SPDX-License-Identifier: MIT
 *
 * Where a bit tree's levels lie. A level has a word more than its bits need, so that the search
 * may look behind the last one.
 */
#include <kernel/mm/bit_tree.h>

#include <kernel/lib/bit_word.h>

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
	for (uint32_t i = 0; i < total; i++)
		words[i] = 0;
}
