/* SPDX-License-Identifier: MIT
 *
 * The blocks that were written since the last sync, which is what the journal has
 * to hold of the next batch. The list is kept in the last blocks of the journal,
 * where nothing else is: so it outlives a restart of ext2, and loses by itself
 * what a call that falls or answers an error has entered. Its first word says
 * whether it is whole; a block's number and one stands for the block, 0 for the
 * end. What ext2 has in memory is a copy, with a set in it to find a block.
 */
#include <services/ext2/ext2.h>

#define WHOLE     0x6c6f6721u
#define PER_BLOCK (EXT2_BLOCK_SIZE_MAX / (uint32_t)sizeof(uint32_t))
#define ROOM_MAX  (EXT2_LOG_BLOCKS * PER_BLOCK - 2)

static uint64_t *word_of(struct ext2_fs *fs, uint32_t block, uint64_t *bit)
{
	uint32_t group = (block - fs->first_block) / fs->blocks_per_group;
	uint32_t index = (block - fs->first_block) % fs->blocks_per_group;
	uint64_t *set = ext2_set_of(fs, group, EXT2_SET_LOGGED);

	*bit = 1UL << index % 64;
	return set ? &set[index / 64] : NULL;
}

/* A word of the list. */
static uint64_t place_of(const struct ext2_fs *fs, uint32_t index)
{
	return ext2_byte_of(fs, fs->journal.log[index / PER_BLOCK]) + index % PER_BLOCK * 4;
}

static int word_set(const struct ext2_fs *fs, uint32_t index, uint32_t word)
{
	return ext2_device_write_at(fs, place_of(fs, index), &word, sizeof(word),
	                            BLOCK_RANK_CONTENTS);
}

int ext2_log(struct ext2_fs *fs, uint64_t offset, enum block_rank *rank)
{
	struct ext2_journal *journal = &fs->journal;
	uint32_t block = (uint32_t)(offset >> fs->block_shift);
	uint64_t bit, *word;

	if (!journal->ready)
		return 0;
	*rank = BLOCK_RANK_MAPS;
	if (journal->count > journal->room)
		return 0;
	word = word_of(fs, block, &bit);
	if (word && (*word & bit))
		return 0;
	if (!word || journal->count == journal->room) {
		/* More than the journal can have, or than there is memory for. */
		journal->count = journal->room + 1;
		return word_set(fs, 0, 0);
	}
	*word |= bit;
	journal->blocks[journal->count++] = block;
	return word_set(fs, journal->count, block + 1);
}

long ext2_end(long result)
{
	struct ext2_fs *fs = ext2_state.last;
	struct ext2_journal *journal = fs ? &fs->journal : NULL;

	if (!journal || !journal->ready || journal->count > journal->room)
		return result;
	while (result < 0 && journal->count > journal->kept) {
		uint64_t bit, *word = word_of(fs, journal->blocks[--journal->count], &bit);

		if (word)
			*word &= ~bit;
	}
	journal->kept = journal->count;
	return result;
}

/* A transaction needs a descriptor for some hundred blocks, and an end. */
static int make_room(struct ext2_journal *journal)
{
	uint32_t room = journal->half - 2 - journal->half / 256 - 1;

	journal->room = room < ROOM_MAX ? room : ROOM_MAX;
	if (!journal->blocks)
		journal->blocks = core_alloc(journal->room * sizeof(uint32_t));
	return journal->blocks ? 0 : -ENOMEM;
}

int ext2_log_load(struct ext2_fs *fs)
{
	struct ext2_journal *journal = &fs->journal;
	uint32_t word;
	int error = ext2_device_read(fs, place_of(fs, 0), &word, sizeof(word));

	if (error || word != WHOLE)
		return error;
	error = make_room(journal);
	while (!error && journal->count < journal->room) {
		uint64_t bit, *set;

		error = ext2_device_read(fs, place_of(fs, 1 + journal->count), &word, sizeof(word));
		if (error || word == 0)
			break;
		if (--word < fs->first_block || word >= fs->blocks)
			return -EUCLEAN;
		set = word_of(fs, word, &bit);
		if (!set)
			return -ENOMEM;
		*set |= bit;
		journal->blocks[journal->count++] = word;
	}
	journal->kept = journal->count;
	journal->ready = !error;
	return error;
}

int ext2_log_start(struct ext2_fs *fs)
{
	struct ext2_journal *journal = &fs->journal;
	int error = make_room(journal);

	if (error)
		return error;
	for (uint32_t i = 0; !error && i < EXT2_LOG_BLOCKS; i++)
		if (i == 0 || i * PER_BLOCK <= journal->count || !journal->ready)
			error = ext2_write_zeros_at(fs, journal->log[i]);
	journal->count = journal->kept = 0;
	journal->ready = true;
	return error ? error : word_set(fs, 0, WHOLE);
}

int ext2_log_stop(struct ext2_fs *fs)
{
	fs->journal.ready = false;
	return word_set(fs, 0, 0);
}
