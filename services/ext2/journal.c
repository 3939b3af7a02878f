/* SPDX-License-Identifier: MIT
 *
 * The journal (ext3's, as e2fsck replays it): file systems that have one get
 * each batch whole or not at all. Before a batch is written, sync copies the
 * blocks that it has into the journal. Copies go out first, with the contents of
 * files; then the block that ends the transaction, with the journal's superblock;
 * only then the blocks to their places. So contents are there before what points
 * to them.
 *
 * Transactions lie in the two halves of the journal by turns: while one is
 * written, the one before, which is in its place already, stays whole and can be
 * replayed for nothing. So a replay has one transaction, and what was freed needs
 * no note in the journal.
 *
 * A batch goes out without the journal where this does not have it whole: the
 * first one after the mount, which tells the device that the journal is in use,
 * and one that is too large.
 */
#include <linux/stat.h>
#include <services/ext2/ext2.h>

#define MAGIC 0xc03b3998u
#define UUID  16u

#define RANK_COPY   BLOCK_RANK_CONTENTS
#define RANK_COMMIT BLOCK_RANK_NAMES

enum block_type { DESCRIPTOR = 1, COMMIT = 2, SUPERBLOCK_2 = 4 };

/* All numbers are big-endian. */
struct header {
	uint32_t h_magic, h_blocktype, h_sequence;
};

struct journal_superblock {
	struct header s_header;
	uint32_t s_blocksize, s_maxlen, s_first;
	uint32_t s_sequence, s_start; /* of the first transaction; start 0: none */
	uint32_t s_errno, s_feature_compat, s_feature_incompat, s_feature_ro_compat;
	uint8_t s_uuid[UUID];
};

#define INCOMPAT_REVOKE 1u

struct tag {
	uint32_t t_blocknr;
	uint16_t t_checksum, t_flags;
};

#define TAG_ESCAPE    1u /* the copy's first word, which was the magic number, is 0 */
#define TAG_SAME_UUID 2u
#define TAG_LAST      8u

static uint32_t big(uint32_t number)
{
	return __builtin_bswap32(number);
}

/* Where a block of the journal lies. */
static int place_of(struct ext2_fs *fs, uint32_t index, uint64_t *place)
{
	struct ext2_inode inode;
	uint32_t block;
	uint64_t run;
	int error = ext2_inode_read_any(fs, fs->journal.inode, &inode);

	if (!error)
		error = ext2_map_block(&inode, index, &block, &run);
	if (error)
		return error == -ENOENT ? -EUCLEAN : error;
	*place = ext2_byte_of(fs, block);
	return block ? 0 : -EUCLEAN;
}

static int write_at(struct ext2_fs *fs, uint32_t index, const void *from, enum block_rank rank)
{
	uint64_t place;
	int error = place_of(fs, index, &place);

	return error ? error : ext2_device_write_at(fs, place, from, fs->block_size, rank);
}

static int superblock_read(struct ext2_fs *fs, struct journal_superblock *sb)
{
	uint64_t place;
	int error = place_of(fs, 0, &place);

	return error ? error : ext2_device_read(fs, place, sb, sizeof(*sb));
}

static int superblock_write(struct ext2_fs *fs, const struct journal_superblock *sb)
{
	uint64_t place;
	int error = place_of(fs, 0, &place);

	return error ? error : ext2_device_write_at(fs, place, sb, sizeof(*sb), RANK_COMMIT);
}

static bool is_usable(const struct ext2_fs *fs, const struct journal_superblock *sb, uint64_t size)
{
	uint32_t length = big(sb->s_maxlen), first = big(sb->s_first);

	return sb->s_header.h_magic == big(MAGIC) &&
	       sb->s_header.h_blocktype == big(SUPERBLOCK_2) &&
	       big(sb->s_blocksize) == fs->block_size && sb->s_errno == 0 &&
	       !(big(sb->s_feature_incompat) & ~INCOMPAT_REVOKE) && sb->s_feature_ro_compat == 0 &&
	       first > 0 && first < length && length <= size >> fs->block_shift &&
	       length - first >= 2 * (8 + EXT2_LOG_BLOCKS);
}

int ext2_journal_find(struct ext2_fs *fs, const struct ext2_superblock *superblock)
{
	struct ext2_journal *journal = &fs->journal;
	struct journal_superblock sb;
	struct ext2_inode inode;
	uint32_t end;
	int error;

	/* A page of the core's cache is written whole: blocks of another size share it with blocks
	 * that are to be written at another time. */
	if (!(fs->features & EXT2_COMPAT_HAS_JOURNAL) || fs->block_size != EXT2_BLOCK_SIZE_MAX ||
	    superblock->s_journal_inum == 0)
		return 0;
	journal->inode = superblock->s_journal_inum;
	error = ext2_inode_read_any(fs, journal->inode, &inode);
	if (error || !S_ISREG(inode.image.i_mode))
		return error == -EIO ? error : 0;
	error = superblock_read(fs, &sb);
	if (error)
		return error == -EUCLEAN ? 0 : error;
	if (!is_usable(fs, &sb, ext2_size_of(&inode)))
		return 0;
	journal->first = big(sb.s_first);
	end = big(sb.s_maxlen) - EXT2_LOG_BLOCKS;
	journal->half = (end - journal->first) / 2;
	for (uint32_t i = 0; i < EXT2_LOG_BLOCKS; i++) {
		uint64_t run;

		error = ext2_map_block(&inode, end + i, &journal->log[i], &run);
		if (error || !journal->log[i])
			return error == -EIO ? error : 0;
	}
	journal->usable = true;
	return fs->features_incompatible & EXT2_INCOMPAT_RECOVER ? ext2_log_load(fs) : 0;
}

int ext2_journal_must_be_empty(struct ext2_fs *fs)
{
	struct journal_superblock sb;
	int error = fs->journal.usable ? superblock_read(fs, &sb) : 0;

	if (error || !fs->journal.usable)
		return error;
	return sb.s_start ? -EUCLEAN : 0;
}

int ext2_journal_close(struct ext2_fs *fs)
{
	struct journal_superblock sb;
	int error = superblock_read(fs, &sb);

	if (error)
		return error;
	if (sb.s_start)
		sb.s_sequence = big(big(sb.s_sequence) + 1);
	sb.s_start = 0;
	return superblock_write(fs, &sb);
}

static uint32_t tags_in_block(const struct ext2_fs *fs)
{
	return (fs->block_size - (uint32_t)sizeof(struct header) - UUID) /
	       (uint32_t)sizeof(struct tag);
}

/* The copy of a block that changed; its tag says what was done to it. */
static int write_copy(struct ext2_fs *fs, uint32_t index, uint32_t block, struct tag *tag)
{
	uint32_t *copy = ext2_state.work.tables[2];
	int error = ext2_device_read(fs, ext2_byte_of(fs, block), copy, fs->block_size);

	if (error)
		return error;
	*tag = (struct tag){.t_blocknr = big(block)};
	if (copy[0] == big(MAGIC)) {
		copy[0] = 0;
		tag->t_flags = TAG_ESCAPE;
	}
	return write_at(fs, index, copy, RANK_COPY);
}

/* A descriptor, and the copies that it describes, from a block of the journal on. */
static int write_described(struct ext2_fs *fs, uint32_t sequence, const uint32_t *blocks,
                           uint32_t count, uint32_t index)
{
	uint8_t *descriptor = ext2_state.work.directory;
	struct header header = {big(MAGIC), big(DESCRIPTOR), big(sequence)};
	uint32_t place = sizeof(header);

	memset(descriptor, 0, fs->block_size);
	memcpy(descriptor, &header, sizeof(header));
	for (uint32_t i = 0; i < count; i++) {
		struct tag tag;
		int error = write_copy(fs, index + 1 + i, blocks[i], &tag);

		if (error)
			return error;
		tag.t_flags |=
		        (uint16_t)((i > 0 ? TAG_SAME_UUID : 0) | (i + 1 == count ? TAG_LAST : 0));
		tag.t_flags = __builtin_bswap16(tag.t_flags);
		memcpy(descriptor + place, &tag, sizeof(tag));
		/* The first tag is followed by whose journal it is: nobody looks at it. */
		place += (uint32_t)sizeof(tag) + (i > 0 ? 0 : UUID);
	}
	return write_at(fs, index, descriptor, RANK_COPY);
}

static int write_transaction(struct ext2_fs *fs, struct journal_superblock *sb, uint32_t start)
{
	struct ext2_journal *journal = &fs->journal;
	uint32_t sequence = big(sb->s_sequence) + 1, index = start;
	struct header *end = (struct header *)(void *)ext2_state.work.directory;
	int error = 0;

	for (uint32_t done = 0; done < journal->count;) {
		uint32_t part = journal->count - done;

		if (part > tags_in_block(fs))
			part = tags_in_block(fs);
		error = write_described(fs, sequence, journal->blocks + done, part, index);
		if (error)
			return error;
		done += part;
		index += part + 1;
	}
	memset(end, 0, fs->block_size);
	*end = (struct header){big(MAGIC), big(COMMIT), big(sequence)};
	error = write_at(fs, index, end, RANK_COMMIT);
	if (error)
		return error;
	sb->s_sequence = big(sequence);
	sb->s_start = big(start);
	return superblock_write(fs, sb);
}

int ext2_journal_write(struct ext2_fs *fs)
{
	struct ext2_journal *journal = &fs->journal;
	struct journal_superblock sb;
	uint32_t second = journal->first + journal->half;
	int error;

	if (!journal->ready || journal->count > journal->room) {
		error = ext2_journal_close(fs);
		return error ? error : ext2_log_start(fs);
	}
	if (journal->count == 0)
		return 0;
	error = superblock_read(fs, &sb);
	if (!error)
		error = write_transaction(
		        fs, &sb, big(sb.s_start) == journal->first ? second : journal->first);
	return error ? error : ext2_log_start(fs);
}
