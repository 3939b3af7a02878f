/* SPDX-License-Identifier: MIT
 *
 * Advisory locks on files: flock(2), and record locks of processes and of open files (fcntl(2)).
 * All may sleep.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>

struct file;
struct file_table;

#define FILE_LOCK_END INT64_MAX /* as the last byte: however long the file becomes */

enum file_lock_kind {
	FILE_LOCK_WHOLE,   /* flock(2): the open file's */
	FILE_LOCK_PROCESS, /* F_SETLK: of the process, gone when it closes the file */
	FILE_LOCK_OPEN,    /* F_OFD_SETLK: the open file's; conflicts with the process' ones too */
};

enum file_lock_type { FILE_LOCK_SHARED, FILE_LOCK_EXCLUSIVE, FILE_UNLOCKED };

struct file_lock_request {
	enum file_lock_kind kind;
	enum file_lock_type type;
	uint64_t first, last; /* bytes, both of them; 0 to FILE_LOCK_END for the whole */
	int32_t process;      /* answers: who holds it, -1 for an open file */
};

/* Lock, or unlock: 0, -EAGAIN when another's lock is in the way (wait: sleep until it is not),
 * -EDEADLK, -ERESTARTSYS, -ENOLCK. */
int __must_check file_lock_set(struct file *file, const struct file_lock_request *request,
                               bool wait);

/* The first lock that is in a request's way replaces it; FILE_UNLOCKED when there is none. */
void file_lock_find(struct file *file, struct file_lock_request *request);

/* A descriptor of a table was closed; an open file's last reference went. */
void file_locks_closed(struct file *file, const struct file_table *table);
void file_locks_forget(struct file *file);
