/* SPDX-License-Identifier: MIT
 *
 * The radix tree under a page store. A slot holds a frame's address at the
 * lowest level and a node's address above it; 0 is empty on all levels.
 */
#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/vfs/page_tree.h>

#define SLOT_BITS 6u
#define SLOTS     (1u << SLOT_BITS)

struct tree_node {
	uint64_t slots[SLOTS];
};

static struct tree_node *node_of(uint64_t slot)
{
	return (struct tree_node *)slot;
}

static unsigned int slot_index(uint64_t index, unsigned int level)
{
	return (index >> (SLOT_BITS * (level - 1))) % SLOTS;
}

/* Whether the tree is high enough for an index. */
static bool covers(const struct page_tree *tree, uint64_t index)
{
	return index >> (SLOT_BITS * tree->height) == 0;
}

paddr_t page_tree_find(const struct page_tree *tree, uint64_t index)
{
	uint64_t slot = tree->root;

	if (!covers(tree, index))
		return 0;
	for (unsigned int level = tree->height; level > 0 && slot; level--)
		slot = node_of(slot)->slots[slot_index(index, level)];
	return slot;
}

bool page_tree_next(const struct page_tree *tree, uint64_t *index)
{
	while (covers(tree, *index)) {
		unsigned int level = tree->height;
		uint64_t slot = tree->root;

		while (level > 0 && slot)
			slot = node_of(slot)->slots[slot_index(*index, level--)];
		if (slot)
			return true;
		/* Nothing is below: on behind it. */
		*index = ((*index >> (SLOT_BITS * level)) + 1) << (SLOT_BITS * level);
	}
	return false;
}

static int grow(struct page_tree *tree, uint64_t index)
{
	while (!covers(tree, index)) {
		if (tree->root) {
			struct tree_node *node = heap_alloc(&core_heap, sizeof(*node));

			if (!node)
				return -ENOMEM;
			node->slots[0] = tree->root;
			tree->root = (uint64_t)node;
		}
		tree->height++;
	}
	return 0;
}

/* The slot of an index, with the nodes that lead to it; NULL when memory is out. */
static uint64_t *slot_for(struct page_tree *tree, uint64_t index)
{
	uint64_t *slot = &tree->root;

	for (unsigned int level = tree->height; level > 0; level--) {
		if (!*slot) {
			struct tree_node *node = heap_alloc(&core_heap, sizeof(*node));

			if (!node)
				return NULL;
			*slot = (uint64_t)node;
		}
		slot = &node_of(*slot)->slots[slot_index(index, level)];
	}
	return slot;
}

int page_tree_fill(CAP(page_alloc) cap, struct page_tree *tree, uint64_t first, uint64_t last)
{
	int error = grow(tree, last);

	for (uint64_t index = first; !error && index <= last; index++) {
		uint64_t *slot = slot_for(tree, index);

		if (slot && *slot)
			continue;
		if (slot)
			*slot = page_alloc(cap, 0);
		if (!slot || !*slot)
			error = -ENOMEM;
		else
			tree->pages++;
	}
	return error;
}

int page_tree_put(struct page_tree *tree, uint64_t index, paddr_t page)
{
	int error = grow(tree, index);
	uint64_t *slot = error ? NULL : slot_for(tree, index);

	if (!slot)
		return -ENOMEM;
	if (*slot)
		return -EEXIST;
	*slot = page;
	tree->pages++;
	return 0;
}

/* Empty what lies at or behind first in a slot that starts at index base; the slot itself goes
 * when nothing is left in it. Recursion is as deep as the tree: six levels. */
static void drop_slot(CAP(page_alloc) cap, struct page_tree *tree, uint64_t *slot,
                      unsigned int level, uint64_t base, uint64_t first)
{
	uint64_t span = 1UL << (SLOT_BITS * level);
	bool left = false;

	if (!*slot || base + span <= first)
		return;
	if (level == 0) {
		page_put(cap, *slot);
		*slot = 0;
		tree->pages--;
		return;
	}
	for (unsigned int i = 0; i < SLOTS; i++) {
		uint64_t *below = &node_of(*slot)->slots[i];

		drop_slot(cap, tree, below, level - 1, base + i * (span >> SLOT_BITS), first);
		left |= *below != 0;
	}
	if (!left) {
		heap_free(&core_heap, node_of(*slot));
		*slot = 0;
	}
}

void page_tree_drop(CAP(page_alloc) cap, struct page_tree *tree, uint64_t first)
{
	drop_slot(cap, tree, &tree->root, tree->height, 0, first);
	if (!tree->root)
		tree->height = 0;
}
