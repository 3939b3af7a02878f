/* SPDX-License-Identifier: MIT
 *
 * tmpfs: a file system whose memory is the truth. Inodes and directory entries
 * lie in the service's heap; file contents are core pages. A call that falls is
 * undone by the core from what the transaction macros noted (transaction.h).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/cap.h>
#include <aramid/check.h>
#include <kernel/boundary/core_calls.h>
#include <kernel/boundary/service_rights.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <kernel/vfs/fs.h>

#define TMPFS_BUCKETS   4096u /* of each hash table; a power of two */
#define TMPFS_ROOT      1u    /* object number of the root */
#define TMPFS_PAGE_SIZE 4096u
#define TMPFS_LINK_MAX  65000u

struct tmpfs_entry;

struct tmpfs_inode {
	struct tmpfs_inode *bucket_next;
	uint64_t object;
	uint32_t mode, uid, gid, device;
	uint64_t size;
	uint64_t pages; /* in the page store, as last counted */
	bool sparse;    /* it may have holes */
	bool nameless;  /* it was made without a name and has not had one since */
	char *target;   /* of a symbolic link */
	uint64_t access_time;
	struct tmpfs_inode *parent; /* of a directory; itself for the root */
	/* What changes together lies together, and is noted at once: with each name that the inode
	 * gets or loses, links to change_time; with each that a directory does, change_time to
	 * next_cookie. */
	uint32_t links; /* 0: gone from every directory, kept until release */
	uint32_t found; /* names and subdirectories that tmpfs_check counted */
	uint64_t change_time, modify_time;
	struct tmpfs_entry *first, *last; /* by growing cookie */
	uint64_t entries, next_cookie;
};

struct tmpfs_entry {
	struct tmpfs_entry *bucket_next;
	struct tmpfs_entry *next, *previous; /* in its directory */
	struct tmpfs_inode *directory, *inode;
	uint64_t cookie; /* place in its directory, never used again */
	char name[];
};

struct tmpfs_state {
	struct tmpfs_inode *inodes[TMPFS_BUCKETS];
	struct tmpfs_entry *names[TMPFS_BUCKETS];
	struct tmpfs_inode *root;
	uint64_t pages_limit, entry_count;
	/* Noted two at a time: the middle one changes with either neighbour. */
	uint64_t pages_used;
	uint64_t inode_count;
	uint64_t next_object; /* numbers are never used twice */
};

extern struct tmpfs_state tmpfs_state;

/* What the core handed over at the start: the carrier. */
struct tmpfs_rights {
	CAP(page_alloc) pages;
};

extern struct tmpfs_rights tmpfs_rights;

/* ---- check.c: what must hold at the end of a change, looked at anew. Else tmpfs falls. ---- */

_Noreturn void tmpfs_broken(const char *what);
/* The entry is findable, before the one behind it in its bucket, and the last of its directory. */
void tmpfs_must_be_last(const struct tmpfs_entry *entry, const struct tmpfs_entry *behind);
/* Two neighbours of what was an entry of the directory are next to each other. NULL: the end. */
void tmpfs_must_be_next(const struct tmpfs_inode *directory, const struct tmpfs_entry *previous,
                        const struct tmpfs_entry *next);
/* What the name stands for. NULL: nothing. */
void tmpfs_must_be_named(const struct tmpfs_inode *directory, const char *name,
                         const struct tmpfs_inode *inode);
/* An inode that lost a name could lose it: a directory is empty, and is removed as one. */
void tmpfs_must_be_removable(const struct tmpfs_inode *inode, bool as_directory);
/* The inode is found by its number, before the one behind it in its bucket. */
void tmpfs_must_be_first(const struct tmpfs_inode *inode, const struct tmpfs_inode *behind);
/* No inode has the number. */
void tmpfs_must_be_gone(uint64_t object);

/* ---- inode.c ---- */

/* NULL when there is none (any more). */
struct tmpfs_inode *tmpfs_inode_find(uint64_t object);
/* The same for a caller: that there is none is said of sound memory only, else tmpfs falls. */
struct tmpfs_inode *tmpfs_inode_look_up(uint64_t object);
/* A directory by its number: 0, -ENOENT, -ENOTDIR. */
int __must_check tmpfs_directory_find(uint64_t object, struct tmpfs_inode **directory);
/* A new one without names, in the table; NULL when the heap is full. */
struct tmpfs_inode *tmpfs_inode_create(const struct fs_new *new_object);
/* Out of the table, and freed with what it has. */
void tmpfs_inode_destroy(struct tmpfs_inode *inode);
void tmpfs_inode_describe(const struct tmpfs_inode *inode, struct fs_attr *attr);
/* It has so many links from now on. */
void tmpfs_set_links(struct tmpfs_inode *inode, uint32_t links, uint64_t now);

/* ---- entry.c ---- */

struct tmpfs_entry *tmpfs_entry_find(const struct tmpfs_inode *directory, const char *name);
/* The same for a caller: that a name is not there, or what it stands for, is said of sound memory
 * only. Else tmpfs falls, and the caller asks again. */
struct tmpfs_entry *tmpfs_entry_look_up(const struct tmpfs_inode *directory, const char *name);
/* An entry in no directory; NULL when the heap is full. */
struct tmpfs_entry *tmpfs_entry_create(const char *name);
/* Put it behind the last of a directory, which changes now. Link counts are the caller's. */
void tmpfs_entry_insert(struct tmpfs_entry *entry, struct tmpfs_inode *directory,
                        struct tmpfs_inode *inode, uint64_t now);
/* Take it out of its directory, which changes now, and free it. */
void tmpfs_entry_remove(struct tmpfs_entry *entry, uint64_t now);
/* Two entries stand for each other's inodes from now on; their directories change now. */
void tmpfs_entry_exchange(struct tmpfs_entry *a, struct tmpfs_entry *b, uint64_t now);
/* Into the table of names alone, without a note: for mending. */
void tmpfs_entry_name(struct tmpfs_entry *entry);

/* ---- the operations (fs_operations.def) ---- */

/* 0, or -EUCLEAN when the structure does not hold together. */
int tmpfs_check(void);
/* Make it hold together, as far as what is there tells how. */
void tmpfs_mend(void);
/* After a fall: the check, and if it fails a mending and another check. */
int tmpfs_recover(void);

#define FS_SERVICE tmpfs
#include <kernel/vfs/fs_service.h>
