/* SPDX-License-Identifier: MIT
 *
 * Whether tmpfs's memory holds together: run by the core after a roll-back, and
 * what fails it, mended and all, is quarantined rather than trusted. Every loop is bounded by the
 * counts, so that a broken list ends in a verdict.
 */
#include <linux/stat.h>
#include <services/tmpfs/tmpfs.h>

_Noreturn void tmpfs_broken(const char *what)
{
	panic("tmpfs: %s", what);
}

void tmpfs_must_be_last(const struct tmpfs_entry *entry, const struct tmpfs_entry *behind)
{
	const struct tmpfs_inode *directory = entry->directory;

	if (directory->last != entry || entry->next || !entry->inode ||
	    directory->next_cookie <= entry->cookie || entry->bucket_next != behind ||
	    tmpfs_entry_find(directory, entry->name) != entry)
		tmpfs_broken("an entry is not where it was put");
	tmpfs_must_be_next(directory, entry->previous, entry);
}

void tmpfs_must_be_next(const struct tmpfs_inode *directory, const struct tmpfs_entry *previous,
                        const struct tmpfs_entry *next)
{
	if ((previous ? previous->next : directory->first) != next ||
	    (next ? next->previous : directory->last) != previous ||
	    (previous && next && previous->cookie >= next->cookie) ||
	    (previous && previous->directory != directory) ||
	    (next && next->directory != directory) ||
	    !directory->entries != (!directory->first && !directory->last))
		tmpfs_broken("a directory's list is broken");
}

void tmpfs_must_be_named(const struct tmpfs_inode *directory, const char *name,
                         const struct tmpfs_inode *inode)
{
	const struct tmpfs_entry *entry = tmpfs_entry_find(directory, name);

	if ((entry ? entry->inode : NULL) != inode)
		tmpfs_broken("a name does not stand for what it was given to");
}

void tmpfs_must_be_removable(const struct tmpfs_inode *inode, bool as_directory)
{
	if (S_ISDIR(inode->mode) != as_directory || inode->first || inode->last || inode->entries)
		tmpfs_broken("what was removed could not be");
}

void tmpfs_must_be_first(const struct tmpfs_inode *inode, const struct tmpfs_inode *behind)
{
	if (tmpfs_inode_find(inode->object) != inode || inode->bucket_next != behind)
		tmpfs_broken("an inode is not where it was put");
}

void tmpfs_must_be_gone(uint64_t object)
{
	if (tmpfs_inode_find(object))
		tmpfs_broken("an inode that was taken out is there");
}

typedef int (*inode_check)(struct tmpfs_inode *inode);

static int for_each_inode(inode_check check)
{
	uint64_t seen = 0;

	for (unsigned int i = 0; i < TMPFS_BUCKETS; i++)
		for (struct tmpfs_inode *inode = tmpfs_state.inodes[i]; inode;
		     inode = inode->bucket_next) {
			int error;

			if (++seen > tmpfs_state.inode_count || inode->object % TMPFS_BUCKETS != i)
				return -EUCLEAN;
			error = check(inode);
			if (error)
				return error;
		}
	return seen == tmpfs_state.inode_count ? 0 : -EUCLEAN;
}

static int forget_count(struct tmpfs_inode *inode)
{
	inode->found = 0;
	return inode->object < tmpfs_state.next_object ? 0 : -EUCLEAN;
}

/* One entry of a directory: in the right place, findable, of a live inode. */
static int check_entry(struct tmpfs_inode *directory, struct tmpfs_entry *entry,
                       const struct tmpfs_entry *previous)
{
	struct tmpfs_inode *inode = entry->inode;

	if (entry->directory != directory || entry->previous != previous ||
	    entry->cookie >= directory->next_cookie ||
	    (previous && previous->cookie >= entry->cookie) ||
	    tmpfs_entry_find(directory, entry->name) != entry ||
	    tmpfs_inode_find(inode->object) != inode)
		return -EUCLEAN;
	inode->found++;
	if (S_ISDIR(inode->mode)) {
		directory->found++; /* its ".." */
		if (inode->parent != directory)
			return -EUCLEAN;
	}
	return 0;
}

static int count_links(struct tmpfs_inode *inode)
{
	struct tmpfs_entry *previous = NULL;
	uint64_t entries = 0;

	if (!S_ISDIR(inode->mode))
		return inode->entries == 0 ? 0 : -EUCLEAN;
	for (struct tmpfs_entry *entry = inode->first; entry; entry = entry->next) {
		int error;

		if (++entries > inode->entries)
			return -EUCLEAN;
		error = check_entry(inode, entry, previous);
		if (error)
			return error;
		previous = entry;
	}
	return entries == inode->entries && inode->last == previous ? 0 : -EUCLEAN;
}

/* From a directory that has a name the root is reached. */
static int reaches_root(const struct tmpfs_inode *directory)
{
	for (uint64_t steps = 0; steps <= tmpfs_state.inode_count; steps++) {
		if (directory == tmpfs_state.root)
			return 0;
		directory = directory->parent;
	}
	return -EUCLEAN;
}

static int compare_links(struct tmpfs_inode *inode)
{
	uint32_t expected = inode->found;

	/* Not noted, so it is as it was again: the core compares. */
	inode->found = 0;
	if (!S_ISDIR(inode->mode))
		return inode->links == expected ? 0 : -EUCLEAN;
	if (inode->links == 0) /* removed, and empty since */
		return expected == 0 ? 0 : -EUCLEAN;
	/* A directory's own "." and, for the root, its missing name. */
	expected += inode == tmpfs_state.root ? 2 : 1;
	return inode->links == expected ? reaches_root(inode) : -EUCLEAN;
}

static int count_entries(void)
{
	uint64_t seen = 0;

	for (unsigned int i = 0; i < TMPFS_BUCKETS; i++)
		for (struct tmpfs_entry *entry = tmpfs_state.names[i]; entry;
		     entry = entry->bucket_next)
			if (++seen > tmpfs_state.entry_count)
				return -EUCLEAN;
	return seen == tmpfs_state.entry_count ? 0 : -EUCLEAN;
}

int tmpfs_check(void)
{
	int error;

	if (!tmpfs_state.root || tmpfs_inode_find(TMPFS_ROOT) != tmpfs_state.root ||
	    tmpfs_state.root->parent != tmpfs_state.root)
		return -EUCLEAN;
	error = for_each_inode(forget_count);
	if (!error)
		error = count_entries();
	if (!error)
		error = for_each_inode(count_links);
	if (!error)
		error = for_each_inode(compare_links);
	return error;
}
