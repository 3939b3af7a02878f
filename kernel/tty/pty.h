/* SPDX-License-Identifier: MIT
 *
 * Pseudo-terminals (pty(7), pts(4)): a terminal whose line is an open file, the master. What is
 * written to the master is typed on the terminal, the slave, and what the slave's line gets is read
 * from the master.
 *
 * Locks: the slave's lock (terminal_state.h) guards both sides. A pair lives as long as anything is
 * open of it; pty.c's table has those that do. Sessions hold no reference: the end of the master
 * takes the slave from its session.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <aramid/check.h>
#include <kernel/sync/wait_queue.h>
#include <kernel/tty/terminal_state.h>

#define PTY_OUTPUT_BYTES 8192 /* a power of two */
#define PTY_ECHO_BYTES   4096 /* of them: programs leave them to the echo, which cannot wait */

struct file;

struct pty {
	struct terminal terminal; /* the slave */
	uint32_t number;
	uint64_t birth;      /* no other pair has had or will have it */
	uint32_t uid, gid;   /* who opened the master */
	uint64_t born;       /* ns since 1970 */
	uint32_t references; /* open files of both sides; atomic, to 0 with the table's lock */

	/* The slave's lock. */
	uint32_t slaves;    /* open files of the slave */
	bool slave_closed;  /* the last of them is gone */
	bool master_closed; /* and never comes back */
	bool locked;        /* the slave cannot be opened (unlockpt(3)) */
	uint8_t output[PTY_OUTPUT_BYTES];
	uint32_t head, tail; /* of output; they count up for ever */

	struct wait_queue master_changed; /* for the master, as terminal.changed for the slave */
};

/* /dev/ptmx: a new pair. -ENOSPC: there are PTY_MAX; -ENOMEM. Sets file->ops and file->state. */
int __must_check pty_open_master(struct file *file);

/* One reference to the pair of a number, or NULL. */
struct pty *pty_find(uint32_t number);
void pty_hold(struct pty *pty);
void pty_put(struct pty *pty);

/* One more open file of the slave, which has a reference: -EIO when it is locked or has no master
 * any more. *hangups: how often it was hung up by then. One less, with its reference. */
int __must_check pty_slave_opened(struct pty *pty, uint64_t *hangups);
void pty_slave_closed(struct pty *pty);

/* pty_output.c: what the line gets, with the slave's lock (room and count also for a look). What
 * finds no room is lost: only echo can be more than pty_output_room said. */
void pty_output_put(struct pty *pty, const char *bytes, size_t size);
size_t pty_output_room(const struct pty *pty);
size_t pty_output_take(struct pty *pty, char *bytes, size_t size);
size_t pty_output_count(const struct pty *pty);
void pty_output_discard(struct pty *pty);

/* pty_master.c, pty_ioctl.c: the operations of the master. */
extern const struct file_ops pty_master_ops;
long pty_master_ioctl(struct file *file, unsigned int command, uint64_t argument);
