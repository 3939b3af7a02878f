/* SPDX-License-Identifier: MIT
 *
 * Where a file's blocks lie: twelve numbers in the inode, then trees of one, two
 * and three levels of indirect blocks. A way down the tree is at most three
 * steps long, whatever the blocks hold.
 */
#include <services/ext2/ext2.h>

/* The way to a number: the slot in the inode, and a place in each table below it. */
struct way {
	uint32_t slot, depth;
	uint32_t place[EXT2_LEVELS];
	uint64_t reach[EXT2_LEVELS]; /* blocks from the logical one to the end of each table */
};

static uint32_t per_table(const struct ext2_fs *fs)
{
	return fs->block_size / sizeof(uint32_t);
}

uint64_t ext2_map_limit(const struct ext2_fs *fs)
{
	uint64_t n = per_table(fs);
	uint64_t blocks = EXT2_DIRECT + n + n * n + n * n * n;

	return blocks < UINT32_MAX ? blocks : UINT32_MAX;
}

static int find_way(const struct ext2_fs *fs, uint64_t logical, struct way *way)
{
	uint64_t n = per_table(fs), size = n;

	*way = (struct way){.slot = (uint32_t)logical};
	if (logical >= ext2_map_limit(fs))
		return -EFBIG;
	if (logical < EXT2_DIRECT)
		return 0;
	logical -= EXT2_DIRECT;
	for (way->depth = 1; logical >= size && way->depth < EXT2_LEVELS; way->depth++) {
		logical -= size;
		size *= n;
	}
	way->slot = EXT2_DIRECT + way->depth - 1;
	for (uint32_t level = 0; level < way->depth; level++) {
		way->reach[level] = size - logical;
		size /= n;
		way->place[level] = (uint32_t)(logical / size);
		logical %= size;
	}
	return 0;
}

/* A number in the inode (table 0) or in a table. */
static int number_get(const struct ext2_inode *inode, uint32_t table, uint32_t place,
                      uint32_t *number)
{
	if (table) {
		int error =
		        ext2_device_read(inode->fs, ext2_byte_of(inode->fs, table) + 4UL * place,
		                         number, sizeof(*number));

		if (error)
			return error;
	} else {
		*number = inode->image.i_block[place];
	}
	return *number ? ext2_blocks_check(inode->fs, *number, 1) : 0;
}

static int number_set(struct ext2_inode *inode, uint32_t table, uint32_t place, uint32_t number)
{
	if (table)
		return ext2_device_write(inode->fs, ext2_byte_of(inode->fs, table) + 4UL * place,
		                         &number, sizeof(number), BLOCK_RANK_CONTENTS);
	inode->image.i_block[place] = number;
	return 0;
}

static int make_table(struct ext2_inode *inode, uint32_t parent, uint32_t place, uint32_t *table)
{
	uint32_t count = 1;
	int error =
	        ext2_blocks_allocate(inode, parent ? parent : ext2_goal_of(inode), table, &count);

	if (!error)
		error = ext2_write_zeros(inode->fs, *table, BLOCK_RANK_CONTENTS);
	return error ? error : number_set(inode, parent, place, *table);
}

int ext2_leaf_find(struct ext2_inode *inode, uint64_t logical, bool allocate,
                   struct ext2_leaf *leaf)
{
	uint32_t *numbers = ext2_state.work.tables[0], table = 0, place;
	struct way way;
	int error = find_way(inode->fs, logical, &way);

	*leaf = (struct ext2_leaf){0};
	if (error)
		return error;
	if (way.depth == 0) {
		leaf->numbers = &inode->image.i_block[way.slot];
		leaf->count = EXT2_DIRECT - way.slot;
		leaf->place = way.slot;
		return 0;
	}
	place = way.slot;
	for (uint32_t level = 0; level < way.depth; level++) {
		uint32_t below;

		error = number_get(inode, table, place, &below);
		if (!error && !below && allocate)
			error = make_table(inode, table, place, &below);
		if (error)
			return error;
		if (!below) {
			leaf->missing = true;
			leaf->count = way.reach[level] < UINT32_MAX ? (uint32_t)way.reach[level]
			                                            : UINT32_MAX;
			return 0;
		}
		table = below;
		place = way.place[level];
	}
	leaf->numbers = numbers;
	leaf->count = per_table(inode->fs) - place;
	leaf->table = table;
	leaf->place = place;
	return ext2_device_read(inode->fs, ext2_byte_of(inode->fs, table) + 4UL * place, numbers,
	                        leaf->count * 4);
}

int ext2_leaf_write(const struct ext2_inode *inode, const struct ext2_leaf *leaf, uint32_t from,
                    uint32_t count)
{
	if (!leaf->table)
		return 0; /* the inode has them */
	return ext2_device_write(inode->fs,
	                         ext2_byte_of(inode->fs, leaf->table) + 4UL * (leaf->place + from),
	                         leaf->numbers + from, count * 4, BLOCK_RANK_CONTENTS);
}

int ext2_map_block(struct ext2_inode *inode, uint64_t logical, uint32_t *block, uint64_t *run)
{
	struct ext2_leaf leaf;
	int error = ext2_leaf_find(inode, logical, false, &leaf);

	if (error)
		return error;
	*block = leaf.missing ? 0 : leaf.numbers[0];
	if (leaf.missing) {
		*run = leaf.count;
		return 0;
	}
	for (*run = 1; *run < leaf.count; ++*run)
		if (leaf.numbers[*run] != (*block ? *block + *run : 0))
			break;
	return *block ? ext2_blocks_check(inode->fs, *block, (uint32_t)*run) : 0;
}

/* The blocks that are missing among the first count numbers of a leaf. */
static int fill(struct ext2_inode *inode, struct ext2_leaf *leaf, uint32_t count, uint32_t *goal)
{
	for (uint32_t i = 0; i < count;) {
		uint32_t holes = 0, first, got;
		int error;

		if (leaf->numbers[i]) {
			*goal = leaf->numbers[i++] + 1;
			continue;
		}
		while (i + holes < count && !leaf->numbers[i + holes])
			holes++;
		got = holes;
		error = ext2_blocks_allocate(inode, *goal, &first, &got);
		if (error)
			return error;
		for (uint32_t k = 0; k < got; k++)
			leaf->numbers[i + k] = first + k;
		error = ext2_leaf_write(inode, leaf, i, got);
		if (error)
			return error;
		i += got;
		*goal = first + got;
	}
	return 0;
}

int ext2_map_extend(struct ext2_inode *inode, uint64_t logical, uint64_t end)
{
	uint32_t goal = ext2_goal_of(inode);
	uint64_t run;
	int error = 0;

	/* Behind what the file has before this place. */
	if (logical > 0) {
		error = ext2_map_block(inode, logical - 1, &goal, &run);
		goal = goal ? goal + 1 : ext2_goal_of(inode);
	}
	while (!error && logical < end) {
		struct ext2_leaf leaf;
		uint64_t count;

		error = ext2_leaf_find(inode, logical, true, &leaf);
		if (error)
			return error;
		count = end - logical < leaf.count ? end - logical : leaf.count;
		error = fill(inode, &leaf, (uint32_t)count, &goal);
		logical += count;
	}
	return error;
}
