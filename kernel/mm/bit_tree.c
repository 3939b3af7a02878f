/* SPDX-License-Identifier: MIT
 *
 * The invariant: bit i of level n + 1 is set if and only if word i of level n is
 * not zero. Setting up is in bit_tree_init.c.
 */
#include <kernel/mm/bit_tree.h>

#include <kernel/lib/bit_word.h>

#define WORD_BITS BIT_WORD_BITS

/*@ requires \valid_read(tree) && tree_shape(tree);
    requires level < BIT_TREE_LEVELS && index < level_words(tree, level);
    assigns \nothing;
    ensures \result == level_word(tree, level, index); */
static uint64_t get_word(const struct bit_tree *tree, unsigned int level, uint32_t index)
{
	return tree->words[tree->start[level] + index];
}

/* No level's words are another's. */
/*@ requires \valid(tree) && tree_shape(tree);
    requires level < BIT_TREE_LEVELS && index < level_words(tree, level);
    assigns tree->words[tree->start[level] + index];
    ensures level_word(tree, level, index) == word;
    ensures \forall integer l, integer w;
      0 <= l < BIT_TREE_LEVELS && 0 <= w < level_words(tree, l) &&
      (l != level || w != index) ==> level_word(tree, l, w) == level_word{Pre}(tree, l, w); */
static void put_word(const struct bit_tree *tree, unsigned int level, uint32_t index, uint64_t word)
{
	tree->words[tree->start[level] + index] = word;
}

bool bit_tree_test(const struct bit_tree *tree, uint32_t number)
{
	return bit_word_test(tree->words[number / WORD_BITS], number % WORD_BITS);
}

void bit_tree_add(struct bit_tree *tree, uint32_t number)
{
	uint32_t index = number / WORD_BITS, bit = number % WORD_BITS;

	/*@ loop invariant 0 <= level <= BIT_TREE_LEVELS;
	    loop invariant index == word_of(number, level) && bit == digit(number, level);
	    loop invariant \forall integer l, integer w;
	      0 <= l < level && 0 <= w < level_words(tree, l) && w != word_of(number, l) ==>
	      level_word(tree, l, w) == level_word{Pre}(tree, l, w);
	    loop invariant \forall integer l, integer b; 0 <= l < level && 0 <= b < 64 ==>
	      (bit_at(tree, l, word_of(number, l), b) <==>
	       b == digit(number, l) || bit_at{Pre}(tree, l, word_of(number, l), b));
	    loop invariant \forall integer l, integer w;
	      level <= l < BIT_TREE_LEVELS && 0 <= w < level_words(tree, l) ==>
	      level_word(tree, l, w) == level_word{Pre}(tree, l, w);
	    loop assigns level, index, bit, tree->words[0 .. tree->start[BIT_TREE_LEVELS] - 1];
	    loop variant BIT_TREE_LEVELS - level; */
	for (unsigned int level = 0; level < BIT_TREE_LEVELS; level++) {
		uint64_t before = get_word(tree, level, index);

		put_word(tree, level, index, bit_word_with(before, bit));
		/*@ assert \forall integer b; 0 <= b < 64 ==> (bit_at(tree, level, index, b) <==>
		      b == bit || bit_at{Pre}(tree, level, index, b)); */
		if (before != 0) {
			/* The levels above know already. */
			/*@ ghost
			    unsigned int over = level + 1;
			    /@ loop invariant level < over <= BIT_TREE_LEVELS;
			       loop invariant \forall integer l; level <= l < over ==>
			         level_word{Pre}(tree, l, word_of(number, l)) != 0;
			       loop invariant \forall integer l; level < l < over ==>
			         bit_at{Pre}(tree, l, word_of(number, l), digit(number, l));
			       loop assigns over;
			       loop variant BIT_TREE_LEVELS - over; @/
			    while (over < BIT_TREE_LEVELS) {
			      /@ assert inside:
			           word_of(number, over - 1) < level_words(tree, over - 1); @/
			      /@ assert child: level_word{Pre}(tree, over - 1,
			           word_of(number, over - 1)) != 0; @/
			      /@ assert place: word_of(number, over - 1) ==
			           64 * word_of(number, over) + digit(number, over); @/
			      /@ assert same: level_word{Pre}(tree, over - 1,
			           64 * word_of(number, over) + digit(number, over)) != 0; @/
			      /@ assert known: bit_at{Pre}(tree, over,
			           word_of(number, over), digit(number, over)); @/
			      over++;
			    }
			 */
			break;
		}
		bit = index % WORD_BITS;
		index /= WORD_BITS;
	}
	/*@ assert others: \forall integer l, integer w;
	      0 <= l < BIT_TREE_LEVELS && 0 <= w < level_words(tree, l) &&
	      w != word_of(number, l) ==> level_word(tree, l, w) == level_word{Pre}(tree, l, w); */
	/*@ assert own: \forall integer l, integer b; 0 <= l < BIT_TREE_LEVELS && 0 <= b < 64 ==>
	      (bit_at(tree, l, word_of(number, l), b) <==>
	       b == digit(number, l) || bit_at{Pre}(tree, l, word_of(number, l), b)); */
	/*@ assert own_set: \forall integer l; 0 <= l < BIT_TREE_LEVELS ==>
	      bit_at(tree, l, word_of(number, l), digit(number, l)); */
	/*@ assert own_filled: \forall integer l; 0 <= l < BIT_TREE_LEVELS ==>
	      level_word(tree, l, word_of(number, l)) != 0; */
	/*@ assert bits: \forall integer l, integer w, integer b;
	      0 <= l < BIT_TREE_LEVELS && 0 <= w < level_words(tree, l) && 0 <= b < 64 ==>
	      (bit_at(tree, l, w, b) <==> bit_at{Pre}(tree, l, w, b) ||
	       (w == word_of(number, l) && b == digit(number, l))); */
	/*@ assert filled: \forall integer l, integer w;
	      0 <= l < BIT_TREE_LEVELS && 0 <= w < level_words(tree, l) ==>
	      (level_word(tree, l, w) != 0 <==>
	       level_word{Pre}(tree, l, w) != 0 || w == word_of(number, l)); */
	/*@ assert members: \forall integer n;
	      tree_member(tree, n) <==> tree_member{Pre}(tree, n) || n == number; */
	/*@ assert tree_linked(tree); */
	/*@ assert tree_reaches(tree); */
	return;
}

void bit_tree_remove(struct bit_tree *tree, uint32_t number)
{
	uint32_t index = number / WORD_BITS, bit = number % WORD_BITS;
	unsigned int level;

	/*@ loop invariant 0 <= level <= BIT_TREE_LEVELS;
	    loop invariant index == word_of(number, level) && bit == digit(number, level);
	    loop invariant \forall integer l, integer w;
	      0 <= l < level && 0 <= w < level_words(tree, l) && w != word_of(number, l) ==>
	      level_word(tree, l, w) == level_word{Pre}(tree, l, w);
	    loop invariant \forall integer l, integer b; 0 <= l < level && 0 <= b < 64 ==>
	      bit_at{Pre}(tree, l, word_of(number, l), b) ==> b == digit(number, l);
	    loop invariant \forall integer l; 0 <= l < level ==>
	      level_word(tree, l, word_of(number, l)) == 0;
	    loop invariant gone: \forall integer n, integer l;
	      tree_member{Pre}(tree, n) && n != number && 0 <= l < level ==>
	      word_of(n, l) != word_of(number, l);
	    loop invariant \forall integer l, integer w;
	      level <= l < BIT_TREE_LEVELS && 0 <= w < level_words(tree, l) ==>
	      level_word(tree, l, w) == level_word{Pre}(tree, l, w);
	    loop assigns level, index, bit, tree->words[0 .. tree->start[BIT_TREE_LEVELS] - 1];
	    loop variant BIT_TREE_LEVELS - level; */
	for (level = 0; level < BIT_TREE_LEVELS; level++) {
		uint64_t after = bit_word_without(get_word(tree, level, index), bit);

		put_word(tree, level, index, after);
		/*@ assert \forall integer b; 0 <= b < 64 ==> (bit_at(tree, level, index, b) <==>
		      b != bit && bit_at{Pre}(tree, level, index, b)); */
		if (after != 0) {
			/*@ assert level_word{Pre}(tree, level, index) != 0; */
			break;
		}
		/*@ assert \forall integer b; 0 <= b < 64 ==>
		      bit_at{Pre}(tree, level, index, b) ==> b == bit; */
		/*@ assert alone: \forall integer n;
		      tree_member{Pre}(tree, n) && word_of(n, level) == index ==>
		      digit(n, level) == bit; */
		/*@ assert alone_below: \forall integer n;
		      tree_member{Pre}(tree, n) && word_of(n, level) == index && level > 0 ==>
		      word_of(n, level - 1) == word_of(number, level - 1); */
		/*@ assert the_one: \forall integer n;
		      tree_member{Pre}(tree, n) && word_of(n, level) == index ==> n == number; */
		bit = index % WORD_BITS;
		index /= WORD_BITS;
	}
	/*@ assert others: \forall integer l, integer w;
	      0 <= l < BIT_TREE_LEVELS && 0 <= w < level_words(tree, l) &&
	      w != word_of(number, l) ==> level_word(tree, l, w) == level_word{Pre}(tree, l, w); */
	/*@ assert emptied: \forall integer l, integer b; 0 <= l < level && 0 <= b < 64 ==>
	      !bit_at(tree, l, word_of(number, l), b); */
	/*@ assert own: \forall integer l, integer b; 0 <= l < BIT_TREE_LEVELS && 0 <= b < 64 ==>
	      (bit_at(tree, l, word_of(number, l), b) <==> (l > level || b != digit(number, l)) &&
	       bit_at{Pre}(tree, l, word_of(number, l), b)); */
	/*@ assert bits: \forall integer l, integer w, integer b;
	      0 <= l < BIT_TREE_LEVELS && 0 <= w < level_words(tree, l) && 0 <= b < 64 ==>
	      (bit_at(tree, l, w, b) <==> bit_at{Pre}(tree, l, w, b) &&
	       !(l <= level && w == word_of(number, l) && b == digit(number, l))); */
	/*@ assert filled: \forall integer l, integer w;
	      0 <= l < BIT_TREE_LEVELS && 0 <= w < level_words(tree, l) ==>
	      (level_word(tree, l, w) != 0 <==>
	       level_word{Pre}(tree, l, w) != 0 && !(l < level && w == word_of(number, l))); */
	/*@ assert members: \forall integer n;
	      tree_member(tree, n) <==> tree_member{Pre}(tree, n) && n != number; */
	/*@ assert tree_linked(tree); */
	/*@ assert tree_reaches(tree); */
	return;
}

uint32_t bit_tree_next(const struct bit_tree *tree, uint32_t from)
{
	uint32_t index = from / WORD_BITS, bit = from % WORD_BITS;
	unsigned int level = 0;
	uint64_t word;

	/* Up, to a level that has a bit at the position or behind it in the same word. */
	/*@ loop invariant 0 <= level < BIT_TREE_LEVELS;
	    loop invariant 0 <= index < level_words(tree, level) && 0 <= bit < 64;
	    loop invariant level == 0 ==> 64 * index + bit == from;
	    loop invariant level > 0 ==> 64 * index + bit > word_of(from, level - 1);
	    loop invariant \forall integer n; tree_member(tree, n) && n >= from ==>
	      not_before(n, level, index, bit);
	    loop assigns level, index, bit, word;
	    loop variant BIT_TREE_LEVELS - level; */
	for (;;) {
		word = bit_word_from(get_word(tree, level, index), bit);
		if (word != 0)
			break;
		/*@ assert \forall integer b; bit <= b < 64 ==> !bit_at(tree, level, index, b); */
		/*@ assert \forall integer n; tree_member(tree, n) && n >= from ==>
		      word_of(n, level) > index; */
		if (++level == BIT_TREE_LEVELS)
			return BIT_TREE_NONE;
		index++;
		bit = index % WORD_BITS;
		index /= WORD_BITS;
	}
	/*@ assert \forall integer b; bit <= b < 64 ==>
	      (has_bit(word, b) <==> bit_at(tree, level, index, b)); */
	/*@ assert here: \forall integer n; tree_member(tree, n) && n >= from &&
	      word_of(n, level) == index ==> has_bit(word, digit(n, level)); */
	bit = bit_word_first(word);
	/*@ assert reach: \forall integer n; tree_member(tree, n) && n >= from ==>
	      bit_at(tree, level, word_of(n, level), digit(n, level)); */
	/*@ assert first: \forall integer n; tree_member(tree, n) && n >= from &&
	      word_of(n, level) == index ==> digit(n, level) >= bit; */
	/* And down, to the first bit below. */
	/*@ loop invariant 0 <= level < BIT_TREE_LEVELS;
	    loop invariant 0 <= index < level_words(tree, level) && 0 <= bit < 64;
	    loop invariant bit_at(tree, level, index, bit);
	    loop invariant level == 0 ==> 64 * index + bit >= from;
	    loop invariant level > 0 ==> 64 * index + bit > word_of(from, level - 1);
	    loop invariant down: \forall integer n; tree_member(tree, n) && n >= from ==>
	      not_before(n, level, index, bit);
	    loop assigns level, index, bit;
	    loop variant level; */
	while (level > 0) {
		/*@ assert split: \forall integer n; 0 <= n ==>
		      word_of(n, level - 1) == 64 * word_of(n, level) + digit(n, level); */
		level--;
		index = index * WORD_BITS + bit;
		/*@ assert \forall integer n; tree_member(tree, n) && n >= from ==>
		      word_of(n, level) >= index; */
		bit = bit_word_first(get_word(tree, level, index));
		/*@ assert \forall integer b; 0 <= b < bit ==> !bit_at(tree, level, index, b); */
		/*@ assert reach_down: \forall integer n; tree_member(tree, n) && n >= from ==>
		      bit_at(tree, level, word_of(n, level), digit(n, level)); */
		/*@ assert last: \forall integer n; tree_member(tree, n) && n >= from &&
		      word_of(n, level) == index ==> digit(n, level) >= bit; */
	}
	/*@ assert \let n = 64 * index + bit; word_of(n, 0) == index && digit(n, 0) == bit; */
	return index * WORD_BITS + bit;
}
