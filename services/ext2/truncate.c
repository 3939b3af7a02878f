/* SPDX-License-Identifier: MIT
 *
 * Freeing the blocks of a file from a place on. A tree of indirect blocks is
 * walked with one table in hand for each level. A tree that a broken image
 * closed to a circle comes to a block that is free already, and ends there.
 */
#include <services/ext2/ext2.h>

/* Contiguous blocks that are to be freed, so that the maps are changed once for many. */
struct run {
	uint32_t first, count;
};

static int flush(struct ext2_inode *inode, struct run *run)
{
	struct run old = *run;

	*run = (struct run){0};
	return old.count ? ext2_blocks_free(inode, old.first, old.count) : 0;
}

static int give_back(struct ext2_inode *inode, struct run *run, uint32_t block)
{
	const struct ext2_fs *fs = inode->fs;
	bool follows = run->count > 0 && block == run->first + run->count;
	int error;

	/* A run ends with its group. */
	if (follows && (block - fs->first_block) % fs->blocks_per_group != 0) {
		run->count++;
		return 0;
	}
	error = flush(inode, run);
	*run = (struct run){block, 1};
	return error;
}

/* A tree that is walked: level 0 is its top, the last level's tables hold the contents' numbers. */
struct walk {
	uint32_t levels, level;
	struct run run;
	struct table {
		uint32_t block, place;
		uint32_t first; /* places before it are kept */
		bool kept;      /* the table is: something in it stays */
		bool changed;
	} tables[EXT2_LEVELS];
};

static uint32_t per_table(const struct ext2_inode *inode)
{
	return inode->fs->block_size / sizeof(uint32_t);
}

/* Take a table in hand. from: contents in it that are kept. */
static int enter(struct ext2_inode *inode, struct walk *walk, uint32_t block, uint64_t from)
{
	struct table *table = &walk->tables[walk->level];
	uint64_t below = 1;
	int error = ext2_blocks_check(inode->fs, block, 1);

	if (error)
		return error;
	for (uint32_t i = walk->level + 1; i < walk->levels; i++)
		below *= per_table(inode);
	*table = (struct table){.block = block, .kept = from > 0};
	table->first = table->place = (uint32_t)(from / below);
	return ext2_device_read(inode->fs, ext2_byte_of(inode->fs, block),
	                        ext2_state.work.tables[walk->level], inode->fs->block_size);
}

/* Contents that are kept in what hangs at a table's place. */
static uint64_t kept_below(const struct ext2_inode *inode, const struct walk *walk, uint64_t from)
{
	uint64_t below = 1;

	for (uint32_t i = 0; i <= walk->level; i++)
		if (walk->tables[i].place != walk->tables[i].first || !walk->tables[i].kept)
			return 0;
	for (uint32_t i = walk->level + 1; i < walk->levels; i++)
		below *= per_table(inode);
	return from % below;
}

/* The table in hand is done: written back, or freed. Then the one above goes on. */
static int leave(struct ext2_inode *inode, struct walk *walk)
{
	struct table *table = &walk->tables[walk->level];
	int error = 0;

	if (!table->kept)
		error = give_back(inode, &walk->run, table->block);
	else if (table->changed)
		error = ext2_device_write(inode->fs, ext2_byte_of(inode->fs, table->block),
		                          ext2_state.work.tables[walk->level],
		                          inode->fs->block_size, BLOCK_RANK_CONTENTS);
	if (error || walk->level == 0)
		return error;
	walk->level--;
	if (!table->kept) {
		struct table *above = &walk->tables[walk->level];

		ext2_state.work.tables[walk->level][above->place] = 0;
		above->changed = true;
	}
	walk->tables[walk->level].place++;
	return 0;
}

/* The number at the table's place: contents go, a table is entered. */
static int step(struct ext2_inode *inode, struct walk *walk, uint64_t from)
{
	struct table *table = &walk->tables[walk->level];
	uint32_t *number = &ext2_state.work.tables[walk->level][table->place];
	uint32_t block = *number;
	int error;

	if (block && walk->level + 1 < walk->levels) {
		uint64_t kept = kept_below(inode, walk, from);

		walk->level++;
		return enter(inode, walk, block, kept);
	}
	if (block) {
		error = give_back(inode, &walk->run, block);
		if (error)
			return error;
		*number = 0;
		table->changed = true;
	}
	table->place++;
	return 0;
}

/* The tree of a slot of the inode, from a block of it on. */
static int free_tree(struct ext2_inode *inode, uint32_t levels, uint64_t from)
{
	uint32_t *top = &inode->image.i_block[EXT2_DIRECT + levels - 1];
	struct walk walk = {.levels = levels};
	int error;

	if (!*top)
		return 0;
	error = enter(inode, &walk, *top, from);
	while (!error && walk.tables[0].place < per_table(inode)) {
		if (walk.tables[walk.level].place < per_table(inode))
			error = step(inode, &walk, from);
		else
			error = leave(inode, &walk);
	}
	if (!error)
		error = leave(inode, &walk);
	if (!error)
		error = flush(inode, &walk.run);
	if (from == 0)
		*top = 0;
	return error;
}

int ext2_map_truncate(struct ext2_inode *inode, uint64_t logical)
{
	uint64_t start = EXT2_DIRECT, size = 1;
	struct run run = {0};
	int error = 0;

	for (uint64_t i = logical; !error && i < EXT2_DIRECT; i++) {
		if (inode->image.i_block[i])
			error = give_back(inode, &run, inode->image.i_block[i]);
		inode->image.i_block[i] = 0;
	}
	if (!error)
		error = flush(inode, &run);
	for (uint32_t levels = 1; !error && levels <= EXT2_LEVELS; levels++) {
		size *= per_table(inode);
		if (logical < start + size)
			error = free_tree(inode, levels, logical > start ? logical - start : 0);
		start += size;
	}
	return error;
}
