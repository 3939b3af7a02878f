/* SPDX-License-Identifier: MIT
 *
 * The bit tree's invariant, evaluated. Proved to mean what the proofs of bit_tree.c start from.
 */
#include <kernel/mm/bit_tree_check.h>

#include <kernel/lib/bit_word.h>

#define WORD_BITS       BIT_WORD_BITS
#define LEVEL_WORDS_MAX 0x1000000U

/*@ requires \valid_read(tree) && tree_numbers(tree) && tree_memory(tree);
    requires level < BIT_TREE_LEVELS && index < level_words(tree, level);
    assigns \nothing;
    ensures \result == level_word(tree, level, index); */
static uint64_t word_at(const struct bit_tree *tree, unsigned int level, uint32_t index)
{
	return tree->words[tree->start[level] + index];
}

/*@ requires \valid_read(tree);
    assigns \nothing;
    ensures \result <==> tree_numbers(tree); */
static bool has_shape(const struct bit_tree *tree)
{
	uint32_t last = tree->size, below = 0, words;

	if (tree->size > BIT_TREE_MAX || tree->start[0] != 0)
		return false;
	/*@ loop invariant 0 <= level <= BIT_TREE_LEVELS;
	    loop invariant level == 0 ==> last == tree->size;
	    loop invariant level > 0 ==> last == word_of(tree->size, level - 1);
	    loop invariant level > 0 ==> below == level_words(tree, level - 1);
	    loop invariant \forall integer l; 0 <= l < level ==>
	      0 < level_words(tree, l) <= LEVEL_WORDS_MAX;
	    loop invariant \forall integer k; 0 <= k <= level ==>
	      tree->start[k] <= tree->start[level];
	    loop invariant \forall integer k, integer l; 0 <= k <= l <= level ==>
	      tree->start[k] <= tree->start[l];
	    loop invariant \forall integer l; 1 <= l < level ==>
	      level_words(tree, l - 1) < 64 * level_words(tree, l);
	    loop invariant \forall integer l; 0 <= l < level ==>
	      word_of(tree->size, l) < level_words(tree, l);
	    loop assigns level, last, below, words;
	    loop variant BIT_TREE_LEVELS - level; */
	for (unsigned int level = 0; level < BIT_TREE_LEVELS; level++) {
		if (tree->start[level + 1] <= tree->start[level]) {
			/*@ assert empty: level_words(tree, level) <= 0; */
			return false;
		}
		/*@ assert rises: \forall integer k; 0 <= k <= level ==>
		      tree->start[k] < tree->start[level + 1]; */
		words = tree->start[level + 1] - tree->start[level];
		last /= WORD_BITS;
		/*@ assert word_of(tree->size, level) == last; */
		if (words > LEVEL_WORDS_MAX || last >= words)
			return false;
		if (level > 0 && below >= WORD_BITS * words)
			return false;
		below = words;
	}
	/*@ assert apart: \forall integer k, integer l; 0 <= k < l < BIT_TREE_LEVELS ==>
	      tree->start[k] + level_words(tree, k) <= tree->start[l]; */
	/*@ assert inside: \forall integer l; 0 <= l < BIT_TREE_LEVELS ==>
	      tree->start[l] + level_words(tree, l) <= tree->start[BIT_TREE_LEVELS]; */
	/*@ assert fits: \forall integer n, integer l;
	      0 <= n <= tree->size && 0 <= l < BIT_TREE_LEVELS ==>
	      word_of(n, l) <= word_of(tree->size, l) < level_words(tree, l); */
	return true;
}

/* One word above the set: its bits tell which words below it are not zero. */
/*@ requires \valid_read(tree) && tree_numbers(tree) && tree_memory(tree);
    requires 1 <= level < BIT_TREE_LEVELS && index < level_words(tree, level);
    assigns \nothing;
    ensures \result <==> word_linked(tree, level, index); */
static bool word_is_linked(const struct bit_tree *tree, unsigned int level, uint32_t index)
{
	uint32_t words = tree->start[level] - tree->start[level - 1];
	uint64_t word = word_at(tree, level, index);

	/*@ loop invariant 0 <= bit <= 64;
	    loop invariant \forall integer b; 0 <= b < bit ==> bit_linked(tree, level, index, b);
	    loop assigns bit;
	    loop variant 64 - bit; */
	for (uint32_t bit = 0; bit < WORD_BITS; bit++) {
		uint32_t child = index * WORD_BITS + bit;
		bool is_filled = child < words && word_at(tree, level - 1, child) != 0;

		/*@ assert filled: is_filled <==> child < level_words(tree, level - 1) &&
		      level_word(tree, level - 1, child) != 0; */
		if (bit_word_test(word, bit) != is_filled)
			return false;
		/*@ assert linked: bit_linked(tree, level, index, bit); */
	}
	return true;
}

/*@ requires \valid_read(tree) && tree_numbers(tree) && tree_memory(tree);
    assigns \nothing;
    ensures \result <==> tree_linked(tree); */
static bool is_linked(const struct bit_tree *tree)
{
	/*@ loop invariant 1 <= level <= BIT_TREE_LEVELS;
	    loop invariant \forall integer l, integer w, integer b;
	      1 <= l < level && 0 <= w < level_words(tree, l) && 0 <= b < 64 ==>
	      bit_linked(tree, l, w, b);
	    loop assigns level;
	    loop variant BIT_TREE_LEVELS - level; */
	for (unsigned int level = 1; level < BIT_TREE_LEVELS; level++) {
		uint32_t words = tree->start[level + 1] - tree->start[level];

		/*@ loop invariant 0 <= index <= words;
		    loop invariant \forall integer w, integer b; 0 <= w < index && 0 <= b < 64 ==>
		      bit_linked(tree, level, w, b);
		    loop assigns index;
		    loop variant words - index; */
		for (uint32_t index = 0; index < words; index++)
			if (!word_is_linked(tree, level, index)) {
				/*@ assert \exists integer b; 0 <= b < 64 &&
				      !bit_linked(tree, level, index, b); */
				/*@ assert !tree_linked(tree); */
				return false;
			}
	}
	/*@ assert all: \forall integer l, integer w, integer b;
	      1 <= l < BIT_TREE_LEVELS && 0 <= w < level_words(tree, l) && 0 <= b < 64 ==>
	      bit_linked(tree, l, w, b); */
	/*@ assert tree_linked(tree); */
	return true;
}

/* No bit behind the last number, in one word of the set. */
/*@ requires \valid_read(tree) && tree_numbers(tree) && tree_memory(tree);
    requires index < level_words(tree, 0);
    assigns \nothing;
    ensures \result <==> word_bounded(tree, index); */
static bool word_is_bounded(const struct bit_tree *tree, uint32_t index)
{
	uint64_t word = word_at(tree, 0, index);

	/*@ loop invariant 0 <= bit <= 64;
	    loop invariant \forall integer b; 0 <= b < bit && bit_at(tree, 0, index, b) ==>
	      64 * index + b < tree->size;
	    loop assigns bit;
	    loop variant 64 - bit; */
	for (uint32_t bit = 0; bit < WORD_BITS; bit++)
		if (bit_word_test(word, bit) && WORD_BITS * index + bit >= tree->size)
			return false;
	return true;
}

/* Only words at the set's end can have such a bit. */
/*@ requires \valid_read(tree) && tree_numbers(tree) && tree_memory(tree);
    assigns \nothing;
    ensures \result <==> tree_bounded(tree); */
static bool is_bounded(const struct bit_tree *tree)
{
	/*@ loop invariant tree->size / 64 <= index <= level_words(tree, 0);
	    loop invariant \forall integer w, integer b;
	      0 <= w < index && 0 <= b < 64 && bit_at(tree, 0, w, b) ==>
	      64 * w + b < tree->size;
	    loop assigns index;
	    loop variant level_words(tree, 0) - index; */
	for (uint32_t index = tree->size / WORD_BITS; index < tree->start[1]; index++)
		if (!word_is_bounded(tree, index)) {
			/*@ assert \exists integer b; 0 <= b < 64 && bit_at(tree, 0, index, b) &&
			      64 * index + b >= tree->size; */
			/*@ assert !tree_bounded(tree); */
			return false;
		}
	/*@ assert tree_bounded(tree); */
	return true;
}

bool bit_tree_is_sound(const struct bit_tree *tree)
{
	if (!has_shape(tree) || !is_linked(tree) || !is_bounded(tree))
		return false;
	/* From each member there is a way up: a word with a bit in it is not zero. */
	/*@ assert way_0: tree_reaches_to(tree, 0); */
	/*@ assert next_1: words_next(1); */
	/*@ assert filled_1: tree_filled(tree, 0); */
	/*@ assert below_1: tree_filled_below(tree, 1); */
	/*@ assert way_1: tree_reaches_to(tree, 1); */
	/*@ assert next_2: words_next(2); */
	/*@ assert filled_2: tree_filled(tree, 1); */
	/*@ assert below_2: tree_filled_below(tree, 2); */
	/*@ assert way_2: tree_reaches_to(tree, 2); */
	/*@ assert next_3: words_next(3); */
	/*@ assert filled_3: tree_filled(tree, 2); */
	/*@ assert below_3: tree_filled_below(tree, 3); */
	/*@ assert way_3: tree_reaches_to(tree, 3); */
	/*@ assert next_4: words_next(4); */
	/*@ assert filled_4: tree_filled(tree, 3); */
	/*@ assert below_4: tree_filled_below(tree, 4); */
	/*@ assert way_4: tree_reaches_to(tree, 4); */
	return true;
}
