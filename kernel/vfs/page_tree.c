/* SPDX-License-Identifier: MIT
 *
 * The radix tree under a page store. A slot holds a frame's address at the
 * lowest level, with its mark in the lowest bit, and a node's address above it;
 * 0 is empty on all levels.
 */
#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/vfs/page_tree.h>

#define SLOT_BITS 6u
#define SLOTS     (1u << SLOT_BITS)

struct tree_node {
	uint64_t slots[SLOTS];
};

#define MARK 1UL

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
	return slot & ~MARK;
}

/* The slot of an index, NULL when no node leads to it. */
static uint64_t *find_slot(struct page_tree *tree, uint64_t index)
{
	uint64_t *slot = &tree->root;

	if (!covers(tree, index))
		return NULL;
	for (unsigned int level = tree->height; level > 0 && *slot; level--)
		slot = &node_of(*slot)->slots[slot_index(index, level)];
	return *slot ? slot : NULL;
}

static void set_mark(struct page_tree *tree, uint64_t *slot, bool marked)
{
	tree->marks -= *slot & MARK;
	*slot = (*slot & ~MARK) | (marked ? MARK : 0);
	tree->marks += *slot & MARK;
}

void page_tree_mark(struct page_tree *tree, uint64_t index, bool marked)
{
	uint64_t *slot = find_slot(tree, index);

	if (slot)
		set_mark(tree, slot, marked);
}

/* The same in a slot that starts at index base; as deep as the tree. */
static paddr_t next_marked(uint64_t slot, unsigned int level, uint64_t base, uint64_t *index)
{
	uint64_t span = 1UL << (SLOT_BITS * level);
	paddr_t found = 0;

	if (!slot || base + span <= *index)
		return 0;
	if (level == 0) {
		if (slot & MARK)
			*index = base;
		return slot & MARK ? slot & ~MARK : 0;
	}
	for (unsigned int i = 0; i < SLOTS && !found; i++)
		found = next_marked(node_of(slot)->slots[i], level - 1,
		                    base + i * (span >> SLOT_BITS), index);
	return found;
}

paddr_t page_tree_next_marked(const struct page_tree *tree, uint64_t *index)
{
	return tree->marks ? next_marked(tree->root, tree->height, 0, index) : 0;
}

/* The nodes stay: who takes frames out puts others in. */
paddr_t page_tree_take(struct page_tree *tree, uint64_t index)
{
	uint64_t *slot = find_slot(tree, index);
	paddr_t page = slot ? *slot & ~MARK : 0;

	if (slot) {
		set_mark(tree, slot, false);
		*slot = 0;
		tree->pages--;
	}
	return page;
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

/* Which frames go. */
struct dropping {
	uint64_t first; /* those from this index on */
	bool unused;    /* those without a mark that nobody else refers to, alone */
};

static bool goes(uint64_t slot, const struct dropping *dropping)
{
	return !dropping->unused || (!(slot & MARK) && page_references(slot) == 1);
}

/* Empty what lies in a slot that starts at index base; the slot itself goes when nothing is left in
 * it. Recursion is as deep as the tree: six levels. */
static void drop_slot(CAP(page_alloc) cap, struct page_tree *tree, uint64_t *slot,
                      unsigned int level, uint64_t base, const struct dropping *dropping)
{
	uint64_t span = 1UL << (SLOT_BITS * level);
	bool left = false;

	if (!*slot || base + span <= dropping->first)
		return;
	if (level == 0) {
		if (!goes(*slot, dropping))
			return;
		set_mark(tree, slot, false);
		page_put(cap, *slot);
		*slot = 0;
		tree->pages--;
		return;
	}
	for (unsigned int i = 0; i < SLOTS; i++) {
		uint64_t *below = &node_of(*slot)->slots[i];

		drop_slot(cap, tree, below, level - 1, base + i * (span >> SLOT_BITS), dropping);
		left |= *below != 0;
	}
	if (!left) {
		heap_free(&core_heap, node_of(*slot));
		*slot = 0;
	}
}

static void drop(CAP(page_alloc) cap, struct page_tree *tree, const struct dropping *dropping)
        NEEDS_RIGHT(page_alloc)
{
	drop_slot(cap, tree, &tree->root, tree->height, 0, dropping);
	if (!tree->root)
		tree->height = 0;
}

void page_tree_drop(CAP(page_alloc) cap, struct page_tree *tree, uint64_t first)
{
	const struct dropping dropping = {.first = first};

	drop(cap, tree, &dropping);
}

void page_tree_drop_unused(CAP(page_alloc) cap, struct page_tree *tree)
{
	const struct dropping dropping = {.unused = true};

	drop(cap, tree, &dropping);
}
