/* SPDX-License-Identifier: MIT
 *
 * renameat2(2): a name moves, and takes the place of another in one step.
 */
#include <linux/fs.h>
#include <linux/stat.h>
#include <services/ext2/ext2.h>

/* A move, looked up. Both directories may be one: then the second is not used. */
struct move {
	struct ext2_inode from, to;
	struct ext2_inode moved, replaced;
	bool same, replaces;
	struct ext2_place room; /* for the new name, when it replaces none */
	const char *old_name, *new_name;
};

static struct ext2_inode *target_of(struct move *move)
{
	return move->same ? &move->from : &move->to;
}

static int look_up_child(struct ext2_inode *directory, const char *name, struct ext2_inode *child)
{
	struct ext2_place place;
	uint32_t number;
	int error = ext2_entry_find(directory, name, &number, &place);

	if (!error && ext2_inode_read(directory->fs, number, child))
		error = -EUCLEAN;
	if (!error && child->image.i_links_count == 0)
		error = -EUCLEAN;
	return error;
}

static int look_up(struct move *move, uint64_t old_directory, uint64_t new_directory)
{
	int error = ext2_directory_find_writable(old_directory, &move->from);

	if (!error)
		error = ext2_directory_find_writable(new_directory, &move->to);
	if (error)
		return error;
	if (move->from.fs != move->to.fs)
		return -EXDEV;
	move->same = move->from.number == move->to.number;
	error = look_up_child(&move->from, move->old_name, &move->moved);
	if (error)
		return error;
	error = ext2_entry_room(target_of(move), move->new_name, &move->room);
	move->replaces = error == -EEXIST;
	if (move->replaces)
		error = look_up_child(target_of(move), move->new_name, &move->replaced);
	return error;
}

/* Whether a directory is, or lies below, another: 1, 0. A circle, which only a broken image has,
 * comes to a directory that was marked on the way. */
static int lies_in(const struct ext2_inode *directory, uint32_t ancestor)
{
	struct ext2_inode here = *directory;
	uint32_t marked = 0, steps = 0, next_mark = 1;

	while (here.number != ancestor && here.number != EXT2_ROOT_INODE) {
		uint32_t parent;
		int error = ext2_directory_parent(&here, &parent);

		if (error)
			return error;
		if (parent == marked)
			return -EUCLEAN;
		if (++steps == next_mark) {
			marked = parent;
			next_mark *= 2;
		}
		if (ext2_inode_read(directory->fs, parent, &here) || !S_ISDIR(here.image.i_mode))
			return -EUCLEAN;
	}
	return here.number == ancestor;
}

static int check_replaced(struct move *move)
{
	bool directory = S_ISDIR(move->moved.image.i_mode);

	if (directory != !!S_ISDIR(move->replaced.image.i_mode))
		return directory ? -ENOTDIR : -EISDIR;
	if (move->replaced.number == EXT2_ROOT_INODE)
		return -EUCLEAN;
	return directory ? ext2_directory_empty(&move->replaced) : 0;
}

static int check_flags(struct move *move)
{
	int error = ext2_may_change(&move->from, EXT2_FLAG_IMMUTABLE | EXT2_FLAG_APPEND);

	if (!error)
		error = ext2_may_change(&move->to, EXT2_FLAG_IMMUTABLE);
	if (!error)
		error = ext2_may_change(&move->moved, EXT2_FLAG_IMMUTABLE | EXT2_FLAG_APPEND);
	if (!error && move->replaces)
		error = ext2_may_change(&move->replaced, EXT2_FLAG_IMMUTABLE | EXT2_FLAG_APPEND);
	return error;
}

static int check(struct move *move, uint32_t flags)
{
	int error = check_flags(move);

	if (error)
		return error;
	if (flags & ~(uint32_t)RENAME_NOREPLACE)
		return -EINVAL;
	if (move->replaces && (flags & RENAME_NOREPLACE))
		return -EEXIST;
	if (S_ISDIR(move->moved.image.i_mode)) {
		error = lies_in(target_of(move), move->moved.number);
		if (error)
			return error > 0 ? -EINVAL : error;
		if (!move->same && !move->replaces && move->to.image.i_links_count >= EXT2_LINK_MAX)
			return -EMLINK;
	}
	return move->replaces ? check_replaced(move) : 0;
}

static int put_name(struct move *move)
{
	struct ext2_inode *to = target_of(move);
	int error;

	if (!move->replaces)
		return ext2_entry_insert(to, move->new_name, &move->moved, move->room);
	error = ext2_entry_change(to, move->new_name, &move->moved);
	return error ? error : ext2_name_drop(to, &move->replaced);
}

/* A directory's ".." follows it. */
static int change_parent(struct move *move)
{
	int error = ext2_entry_change(&move->moved, "..", &move->to);

	if (error)
		return error == -ENOENT ? -EUCLEAN : error;
	if (move->from.image.i_links_count == 0)
		return -EUCLEAN;
	move->from.image.i_links_count--;
	move->to.image.i_links_count++;
	return 0;
}

static int write_all(struct move *move)
{
	int error;

	ext2_touch_changed(&move->moved);
	ext2_touch_modified(&move->from);
	error = ext2_inode_write(&move->moved);
	if (!error)
		error = ext2_inode_write(&move->from);
	if (error || move->same)
		return error;
	ext2_touch_modified(&move->to);
	return ext2_inode_write(&move->to);
}

static long do_rename(uint64_t old_directory, const char *old_name, uint64_t new_directory,
                      const char *new_name, uint32_t flags)
{
	struct move move = {.old_name = old_name, .new_name = new_name};
	int error = look_up(&move, old_directory, new_directory);

	if (error)
		return error;
	/* Two names of one object: nothing is to be done (rename(2)). */
	if (move.replaces && move.replaced.number == move.moved.number &&
	    !(flags & RENAME_NOREPLACE))
		return 0;
	error = check(&move, flags);
	if (!error)
		error = put_name(&move);
	if (!error)
		error = ext2_entry_remove(&move.from, old_name);
	if (!error && S_ISDIR(move.moved.image.i_mode) && !move.same)
		error = change_parent(&move);
	return error ? error : write_all(&move);
}

long ext2_rename(uint64_t old_directory, const char *old_name, uint64_t new_directory,
                 const char *new_name, uint32_t flags)
{
	return ext2_end(do_rename(old_directory, old_name, new_directory, new_name, flags));
}
