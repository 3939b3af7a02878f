/* SPDX-License-Identifier: MIT
 *
 * A set of small numbers that finds its smallest member in a few steps: a bitmap,
 * a bitmap of its non-zero words, and so on up to one word. Pure data: no lock, no
 * allocation, words supplied by the caller.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define BIT_TREE_LEVELS 4
#define BIT_TREE_MAX    (1UL << (6 * BIT_TREE_LEVELS)) /* numbers that four levels of 64 hold */
#define BIT_TREE_NONE   UINT64_MAX

struct bit_tree {
	uint64_t *level[BIT_TREE_LEVELS]; /* [0] is the set itself */
	uint64_t size;                    /* members are below this */
};

/* Words that a tree of this size needs; size <= BIT_TREE_MAX. */
uint64_t bit_tree_words(uint64_t size);

/* The empty set over bit_tree_words(size) words, which become the tree's. */
void bit_tree_init(struct bit_tree *tree, uint64_t *words, uint64_t size);

/* Membership; a number that is not below size is never a member. */
bool bit_tree_test(const struct bit_tree *tree, uint64_t number);

/* number < size for both. Adding a member and removing a stranger change nothing. */
void bit_tree_add(struct bit_tree *tree, uint64_t number);
void bit_tree_remove(struct bit_tree *tree, uint64_t number);

/* The smallest member, or BIT_TREE_NONE. */
uint64_t bit_tree_first(const struct bit_tree *tree);
