/* SPDX-License-Identifier: MIT
 *
 * The terminal's inside, shared by the files of kernel/tty and nobody else.
 */
#pragma once

#include <asm/termbits.h>
#include <asm/termios.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <aramid/user.h>
#include <kernel/proc/process_info.h>
#include <kernel/sync/spinlock.h>
#include <kernel/sync/wait_queue.h>

#define INPUT_BYTES 4096 /* a power of two; MAX_CANON of termios(3) */

struct file;

struct terminal {
	struct spinlock lock; /* all that follows; taken with interrupts off */
	struct termios settings;
	struct winsize size;
	process_id session, foreground; /* 0 for none */
	uint64_t hangups;               /* sessions that ended on it */

	/* Input. Positions count up for ever: head <= committed <= tail. What lies between
	 * committed and tail is the line that is still being edited. A committed line ends
	 * with a byte whose delimiter bit is set; a NUL so marked is the end of file and is
	 * not itself read. */
	uint8_t input[INPUT_BYTES];
	uint8_t delimiters[INPUT_BYTES / 8];
	uint32_t head, committed, tail;
	bool literal_next; /* after VLNEXT */
	struct wait_queue readable;

	/* Output. */
	bool stopped;         /* VSTOP came */
	uint32_t column;      /* where the cursor is */
	uint32_t line_column; /* where the edited line began */
	struct wait_queue writable;
};

extern struct terminal console;

/* Bytes on the way to the line. */
struct terminal_output {
	char bytes[256];
	size_t size;
};
void output_flush(struct terminal_output *output);

/* One character through OPOST to the line; with the lock. */
void output_character(struct terminal *terminal, struct terminal_output *output, char c);

/* Is there a line (ICANON), or are there this many bytes? With the lock or for a look. */
bool input_ready(const struct terminal *terminal, uint32_t wanted);
uint32_t input_available(const struct terminal *terminal);

/* Take up to size bytes, in canonical mode to the end of the line at most: the count.
 * *ended: the line's end was taken. With the lock. */
uint32_t input_take(struct terminal *terminal, char *bytes, uint32_t size, bool *ended);
void input_discard(struct terminal *terminal);

/* A change of ICANON: what was typed becomes readable as it is. */
void input_commit(struct terminal *terminal);

/* terminal_read.c, terminal_ioctl.c: the operations of an open terminal. */
long terminal_read(struct file *file, void __user *buffer, uint64_t size, uint64_t *offset);
long terminal_ioctl(struct file *file, unsigned int command, uint64_t argument);

/* Whether the session that an open /dev/tty belonged to is gone. */
bool terminal_is_hung_up(const struct file *file);

/* Job control: 0 when the caller may go on, else -EIO or -ERESTARTSYS with number sent to
 * its group. */
long terminal_check_background(struct terminal *terminal, int number);
