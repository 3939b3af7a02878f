/* SPDX-License-Identifier: MIT
 *
 * Making tmpfs's structure whole again when the check finds it is not: a call that ended well
 * may have left something out. An entry is in two places, the table of names and its
 * directory's list, and each makes up for the other; counts and ".." follow from the entries.
 * What cannot be true of an entry takes it out. Nothing is freed here.
 */
#include <linux/stat.h>
#include <services/tmpfs/tmpfs.h>

static bool is_live(const struct tmpfs_inode *inode)
{
	return inode && tmpfs_inode_find(inode->object) == inode;
}

static bool is_sound(const struct tmpfs_entry *entry)
{
	return is_live(entry->inode) && is_live(entry->directory) &&
	       S_ISDIR(entry->directory->mode) && entry->cookie < entry->directory->next_cookie;
}

/* Entries of the list that the table of names lacks, into the table. Cookies grow, so that a
 * list that bites its tail comes to an end; at what is not this directory's the list is broken. */
static void names_from_list(struct tmpfs_inode *directory)
{
	uint64_t cookie = 0;

	for (struct tmpfs_entry *entry = directory->first;
	     entry && entry->directory == directory && entry->cookie > cookie;
	     entry = entry->next) {
		cookie = entry->cookie;
		if (is_sound(entry) && !tmpfs_entry_find(directory, entry->name))
			tmpfs_entry_name(entry);
	}
	directory->first = directory->last = NULL;
	directory->entries = 0;
}

/* Into its directory's list, by its cookie. */
static void put_into_list(struct tmpfs_entry *entry)
{
	struct tmpfs_inode *directory = entry->directory;
	struct tmpfs_entry *previous = directory->last;

	while (previous && previous->cookie > entry->cookie)
		previous = previous->previous;
	entry->previous = previous;
	entry->next = previous ? previous->next : directory->first;
	*(previous ? &previous->next : &directory->first) = entry;
	*(entry->next ? &entry->next->previous : &directory->last) = entry;
	directory->entries++;
	entry->inode->links++;
	if (S_ISDIR(entry->inode->mode)) {
		entry->inode->parent = directory;
		entry->inode->links++; /* its "." */
		directory->links++;    /* its ".." */
	}
	tmpfs_state.entry_count++;
}

static void lists_from_names(void)
{
	tmpfs_state.entry_count = 0;
	for (unsigned int i = 0; i < TMPFS_BUCKETS; i++) {
		struct tmpfs_entry **link = &tmpfs_state.names[i];

		while (*link) {
			struct tmpfs_entry *entry = *link;

			if (is_sound(entry)) {
				put_into_list(entry);
				link = &entry->bucket_next;
			} else {
				*link = entry->bucket_next;
			}
		}
	}
}

void tmpfs_mend(void)
{
	tmpfs_state.inode_count = tmpfs_state.pages_used = 0;
	for (unsigned int i = 0; i < TMPFS_BUCKETS; i++)
		for (struct tmpfs_inode *inode = tmpfs_state.inodes[i]; inode;
		     inode = inode->bucket_next) {
			inode->links = inode == tmpfs_state.root ? 2 : 0;
			inode->found = 0;
			tmpfs_state.inode_count++;
			tmpfs_state.pages_used += inode->pages;
			if (S_ISDIR(inode->mode))
				names_from_list(inode);
		}
	lists_from_names();
}

int tmpfs_recover(void)
{
	int error = tmpfs_check();

	if (!error)
		return 0;
	tmpfs_mend();
	return tmpfs_check();
}
