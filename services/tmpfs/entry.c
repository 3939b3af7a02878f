/* SPDX-License-Identifier: MIT
 *
 * Directory entries: each is in one hash table of all names, for look-ups, and in
 * its directory's list, for readdir. New entries go to the list's end with a
 * cookie of their own, so that a reader between two batches misses nothing that
 * stays and sees nothing twice (readdir(3)).
 */
#include <services/tmpfs/tmpfs.h>
#include <services/tmpfs/transaction.h>

/* FNV-1a over the name, started from the directory. */
static struct tmpfs_entry **bucket_of(const struct tmpfs_inode *directory, const char *name)
{
	uint64_t hash = 0xcbf29ce484222325UL ^ directory->object;

	for (const char *c = name; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 0x100000001b3UL;
	return &tmpfs_state.names[(hash ^ hash >> 32) % TMPFS_BUCKETS];
}

struct tmpfs_entry *tmpfs_entry_find(const struct tmpfs_inode *directory, const char *name)
{
	struct tmpfs_entry *entry = *bucket_of(directory, name);

	while (entry && (entry->directory != directory || strcmp(entry->name, name) != 0))
		entry = entry->bucket_next;
	return entry;
}

struct tmpfs_entry *tmpfs_entry_look_up(const struct tmpfs_inode *directory, const char *name)
{
	struct tmpfs_entry **bucket = bucket_of(directory, name);
	struct tmpfs_entry *entry = tmpfs_entry_find(directory, name);

	if (entry && tmpfs_inode_find(entry->inode->object) != entry->inode)
		tmpfs_broken("a name stands for what is no inode");
	if (entry)
		return entry;
	for (const struct tmpfs_entry *other = *bucket; other; other = other->bucket_next)
		if (bucket_of(other->directory, other->name) != bucket)
			tmpfs_broken("a name is in another's place");
	return NULL;
}

struct tmpfs_entry *tmpfs_entry_create(const char *name)
{
	size_t size = strlen(name) + 1;
	struct tmpfs_entry *entry = core_alloc(sizeof(*entry) + size);

	if (entry)
		memcpy(entry->name, name, size);
	return entry;
}

/* The names of a directory change. */
static void note_names(struct tmpfs_inode *directory, uint64_t now)
{
	TX_NOTE_FIELDS(directory, change_time, next_cookie);
	TX_NEW(directory->change_time, now);
	TX_NEW(directory->modify_time, now);
}

void tmpfs_entry_insert(struct tmpfs_entry *entry, struct tmpfs_inode *directory,
                        struct tmpfs_inode *inode, uint64_t now)
{
	struct tmpfs_entry **bucket = bucket_of(directory, entry->name), *behind = *bucket;

	TX_NEW(entry->directory, directory);
	TX_NEW(entry->inode, inode);
	TX_NEW(entry->cookie, directory->next_cookie);
	TX_NEW(entry->previous, directory->last);
	TX_NEW(entry->bucket_next, behind);
	TX_SET(*bucket, entry);
	note_names(directory, now);
	if (directory->last)
		TX_SET(directory->last->next, entry);
	else
		TX_NEW(directory->first, entry);
	TX_NEW(directory->last, entry);
	TX_NEW(directory->next_cookie, entry->cookie + 1);
	TX_NEW(directory->entries, directory->entries + 1);
	TX_SET(tmpfs_state.entry_count, tmpfs_state.entry_count + 1);
	tmpfs_must_be_last(entry, behind);
}

void tmpfs_entry_name(struct tmpfs_entry *entry)
{
	struct tmpfs_entry **bucket = bucket_of(entry->directory, entry->name);

	entry->bucket_next = *bucket;
	*bucket = entry;
}

void tmpfs_entry_remove(struct tmpfs_entry *entry, uint64_t now)
{
	struct tmpfs_inode *directory = entry->directory;
	struct tmpfs_entry *previous = entry->previous, *next = entry->next;
	struct tmpfs_entry **link = bucket_of(directory, entry->name);

	while (*link != entry)
		link = &(*link)->bucket_next;
	TX_SET(*link, entry->bucket_next);
	note_names(directory, now);
	if (previous)
		TX_SET(previous->next, next);
	else
		TX_NEW(directory->first, next);
	if (next)
		TX_SET(next->previous, previous);
	else
		TX_NEW(directory->last, previous);
	TX_NEW(directory->entries, directory->entries - 1);
	TX_SET(tmpfs_state.entry_count, tmpfs_state.entry_count - 1);
	tmpfs_must_be_next(directory, previous, next);
	core_free(entry);
}

void tmpfs_entry_exchange(struct tmpfs_entry *a, struct tmpfs_entry *b, uint64_t now)
{
	struct tmpfs_inode *inode = a->inode;

	note_names(a->directory, now);
	if (a->directory != b->directory)
		note_names(b->directory, now);
	TX_SET(a->inode, b->inode);
	TX_SET(b->inode, inode);
}
