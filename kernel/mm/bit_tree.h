/* SPDX-License-Identifier: MIT
 *
 * A set of small numbers that finds the next member from any number on in a few steps: a bitmap,
 * a bitmap of its non-zero words, and so on. Pure data: no lock, no allocation, words supplied by
 * the caller. Proved to be a set (frama/bit_tree_spec.h).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define BIT_TREE_LEVELS 5
#define BIT_TREE_MAX    0x3fffffc0U /* a little less than what five levels of 64 hold */
#define BIT_TREE_NONE   UINT32_MAX

/* All levels lie in one array, so that an index tells where a word belongs. */
struct bit_tree {
	uint64_t *words;
	uint32_t start[BIT_TREE_LEVELS + 1]; /* of each level in words; [0] is the set itself */
	uint32_t size;                       /* members are below this */
};

/* Words that a tree of this size needs; size <= BIT_TREE_MAX. */
uint32_t bit_tree_words(uint32_t size);

/* The empty set over bit_tree_words(size) words, which become the tree's. */
void bit_tree_init(struct bit_tree *tree, uint64_t *words, uint32_t size);

/* Membership; number < size for all three. Adding a member and removing a stranger change
 * nothing. */
bool bit_tree_test(const struct bit_tree *tree, uint32_t number);
void bit_tree_add(struct bit_tree *tree, uint32_t number);
void bit_tree_remove(struct bit_tree *tree, uint32_t number);

/* The smallest member that is not below from, or BIT_TREE_NONE; from <= size. */
uint32_t bit_tree_next(const struct bit_tree *tree, uint32_t from);
