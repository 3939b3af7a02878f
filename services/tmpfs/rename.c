/* SPDX-License-Identifier: MIT
 *
 * renameat2(2): a name moves and takes the place of another, or two names are exchanged, in one
 * step.
 */
#include <linux/fs.h>
#include <linux/stat.h>
#include <services/tmpfs/tmpfs.h>
#include <services/tmpfs/transaction.h>

/* A move, looked up. */
struct move {
	struct tmpfs_inode *from, *to; /* directories */
	struct tmpfs_entry *old;       /* what moves */
	struct tmpfs_entry *replaced;  /* what it replaces, or NULL */
};

static int look_up(struct move *move, uint64_t old_directory, const char *old_name,
                   uint64_t new_directory, const char *new_name)
{
	int error = tmpfs_directory_find(old_directory, &move->from);

	if (!error)
		error = tmpfs_directory_find(new_directory, &move->to);
	if (error)
		return error;
	if (move->to->links == 0)
		return -ENOENT;
	if (strnlen(new_name, FS_NAME_MAX + 1) > FS_NAME_MAX)
		return -ENAMETOOLONG;
	move->old = tmpfs_entry_look_up(move->from, old_name);
	move->replaced = tmpfs_entry_look_up(move->to, new_name);
	return move->old ? 0 : -ENOENT;
}

/* Whether a directory is, or lies below, another. */
static bool lies_in(const struct tmpfs_inode *directory, const struct tmpfs_inode *ancestor)
{
	while (directory != ancestor && directory->parent != directory)
		directory = directory->parent;
	return directory == ancestor;
}

static int check_replaced(const struct tmpfs_inode *moved, const struct tmpfs_inode *replaced)
{
	if (S_ISDIR(moved->mode) && !S_ISDIR(replaced->mode))
		return -ENOTDIR;
	if (!S_ISDIR(moved->mode) && S_ISDIR(replaced->mode))
		return -EISDIR;
	return replaced->entries > 0 ? -ENOTEMPTY : 0;
}

/* Whether a directory has room for the ".." of one more, which another one of it may leave. */
static bool has_room(const struct tmpfs_inode *directory, const struct tmpfs_inode *comes,
                     const struct tmpfs_inode *goes)
{
	return !S_ISDIR(comes->mode) || (goes && S_ISDIR(goes->mode)) ||
	       directory->links < TMPFS_LINK_MAX;
}

static int check(const struct move *move, uint32_t flags)
{
	struct tmpfs_inode *moved = move->old->inode;

	if (flags & ~(uint32_t)RENAME_NOREPLACE)
		return -EINVAL;
	if (move->replaced && (flags & RENAME_NOREPLACE))
		return -EEXIST;
	if (S_ISDIR(moved->mode) && lies_in(move->to, moved))
		return -EINVAL;
	if (move->from != move->to &&
	    !has_room(move->to, moved, move->replaced ? move->replaced->inode : NULL))
		return -EMLINK;
	return move->replaced ? check_replaced(moved, move->replaced->inode) : 0;
}

static int check_exchange(const struct move *move)
{
	const struct tmpfs_inode *a = move->old->inode, *b;

	if (!move->replaced)
		return -ENOENT;
	b = move->replaced->inode;
	if ((S_ISDIR(a->mode) && lies_in(move->to, a)) ||
	    (S_ISDIR(b->mode) && lies_in(move->from, b)))
		return -EINVAL;
	if (move->from != move->to && (!has_room(move->to, a, b) || !has_room(move->from, b, a)))
		return -EMLINK;
	return 0;
}

/* The ".." of what lies in another directory now. */
static void set_parent(struct tmpfs_inode *inode, struct tmpfs_inode *from, struct tmpfs_inode *to)
{
	if (!S_ISDIR(inode->mode) || from == to)
		return;
	TX_SET(inode->parent, to);
	TX_SET(from->links, from->links - 1);
	TX_SET(to->links, to->links + 1);
}

static void drop_replaced(struct move *move, uint64_t now)
{
	struct tmpfs_inode *inode = move->replaced->inode;

	tmpfs_entry_remove(move->replaced, now);
	tmpfs_set_links(inode, S_ISDIR(inode->mode) ? 0 : inode->links - 1, now);
	if (S_ISDIR(inode->mode))
		TX_SET(move->to->links, move->to->links - 1);
	tmpfs_must_be_removable(inode, S_ISDIR(move->old->inode->mode));
}

static long replace(struct move *move, const char *old_name, const char *new_name)
{
	struct tmpfs_inode *moved = move->old->inode;
	struct tmpfs_entry *entry = tmpfs_entry_create(new_name);
	uint64_t now;

	if (!entry)
		return -ENOSPC;
	now = core_time_wall();
	if (move->replaced)
		drop_replaced(move, now);
	tmpfs_entry_remove(move->old, now);
	tmpfs_entry_insert(entry, move->to, moved, now);
	set_parent(moved, move->from, move->to);
	TX_SET(moved->change_time, now);
	tmpfs_must_be_named(move->to, new_name, moved);
	if (move->from != move->to || strcmp(old_name, new_name) != 0)
		tmpfs_must_be_named(move->from, old_name, NULL);
	return 0;
}

static long exchange(struct move *move, const char *old_name, const char *new_name)
{
	struct tmpfs_inode *a = move->old->inode, *b = move->replaced->inode;
	uint64_t now = core_time_wall();

	tmpfs_entry_exchange(move->old, move->replaced, now);
	set_parent(a, move->from, move->to);
	set_parent(b, move->to, move->from);
	TX_SET(a->change_time, now);
	TX_SET(b->change_time, now);
	tmpfs_must_be_named(move->to, new_name, a);
	tmpfs_must_be_named(move->from, old_name, b);
	return 0;
}

long tmpfs_rename(uint64_t old_directory, const char *old_name, uint64_t new_directory,
                  const char *new_name, uint32_t flags)
{
	struct move move;
	int error = look_up(&move, old_directory, old_name, new_directory, new_name);

	if (error)
		return error;
	/* Two names of one object: nothing is to be done (rename(2)). */
	if (move.replaced && move.replaced->inode == move.old->inode && !(flags & RENAME_NOREPLACE))
		return 0;
	error = flags == RENAME_EXCHANGE ? check_exchange(&move) : check(&move, flags);
	if (error)
		return error;
	return flags == RENAME_EXCHANGE ? exchange(&move, old_name, new_name)
	                                : replace(&move, old_name, new_name);
}
