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
struct process;
struct pty;

struct terminal {
	struct pty *pty;      /* the pair whose slave it is (pty.h); NULL: the console */
	struct spinlock lock; /* all that follows; taken with interrupts off */
	struct termios settings;
	struct winsize size;
	process_id session, foreground; /* 0 for none */
	uint64_t hangups;               /* how often what is open of it was cut off */

	/* Input. Positions count up for ever: head <= committed <= tail. What lies between
	 * committed and tail is the line that is still being edited. A committed line ends
	 * with a byte whose delimiter bit is set; a NUL so marked is the end of file and is
	 * not itself read. */
	uint8_t input[INPUT_BYTES];
	uint8_t delimiters[INPUT_BYTES / 8];
	uint32_t head, committed, tail;
	bool literal_next; /* after VLNEXT */

	/* Output. */
	bool stopped;         /* VSTOP came */
	uint32_t column;      /* where the cursor is */
	uint32_t line_column; /* where the edited line began */

	struct wait_queue changed; /* input came, output may go on, or a hang-up */
};

extern struct terminal console;

/* The settings that Linux starts terminals with (tty_std_termios); c_cflag is the driver's. */
#define TERMINAL_CONTROL(letter) ((letter) ^ 0x40)
#define TERMINAL_SETTINGS(control_flags)                                                           \
	{                                                                                          \
	        .c_iflag = ICRNL | IXON,                                                           \
	        .c_oflag = OPOST | ONLCR,                                                          \
	        .c_cflag = (control_flags),                                                        \
	        .c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,       \
	        .c_cc =                                                                            \
	                {                                                                          \
	                        [VINTR] = TERMINAL_CONTROL('C'),                                   \
	                        [VQUIT] = TERMINAL_CONTROL('\\'),                                  \
	                        [VERASE] = 0x7f,                                                   \
	                        [VKILL] = TERMINAL_CONTROL('U'),                                   \
	                        [VEOF] = TERMINAL_CONTROL('D'),                                    \
	                        [VMIN] = 1,                                                        \
	                        [VSTART] = TERMINAL_CONTROL('Q'),                                  \
	                        [VSTOP] = TERMINAL_CONTROL('S'),                                   \
	                        [VSUSP] = TERMINAL_CONTROL('Z'),                                   \
	                        [VREPRINT] = TERMINAL_CONTROL('R'),                                \
	                        [VDISCARD] = TERMINAL_CONTROL('O'),                                \
	                        [VWERASE] = TERMINAL_CONTROL('W'),                                 \
	                        [VLNEXT] = TERMINAL_CONTROL('V'),                                  \
	                },                                                                         \
	}

/* Who waits for the terminal, on either side, looks again. Any context. */
void terminal_wake(struct terminal *terminal);

/* Bytes on the way to the line. */
struct terminal_output {
	char bytes[256];
	size_t size;
};
/* With the lock, as output_character. */
void output_flush(struct terminal *terminal, struct terminal_output *output);

/* Whether the line takes what one more character of a program becomes. */
bool output_has_room(const struct terminal *terminal, const struct terminal_output *output);

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

/* Whether the next byte finds a place, or is to be dropped because no line could ever end. With the
 * lock or for a look. */
bool input_accepts(const struct terminal *terminal);

/* Bytes from the line, up to the first that is a signal: how many were used up. waits: only those
 * that input_accepts; else what finds no place is dropped. Without the lock; any context. */
uint32_t input_receive(struct terminal *terminal, const char *bytes, uint32_t size, bool waits);

/* terminal_read.c, terminal_ioctl.c: the operations of an open terminal. */
long terminal_read(struct file *file, void __user *buffer, uint64_t size, uint64_t *offset);
long terminal_ioctl(struct file *file, unsigned int command, uint64_t argument);

/* The commands of tty_ioctl(4), for a terminal that is not hung up. */
long terminal_command(struct terminal *terminal, unsigned int command, uint64_t argument);

/* An open file of a terminal. One that outlives sessions, /dev/console or /dev/ttyS0, is never cut
 * off; others keep the number of hang-ups at their opening, so that they notice the next one. */
#define OUTLIVES_SESSIONS UINT64_MAX
struct terminal_opening {
	struct terminal *terminal;
	uint64_t hangups;
};
struct terminal *terminal_of(const struct file *file);

/* Whether an open file is one of the slave of this pair. */
bool terminal_is_slave_of(const struct file *file, const struct pty *pty);

/* Whether the session that an open /dev/tty belonged to, or the master of a slave, is gone. */
bool terminal_is_hung_up(const struct file *file);

/* Job control: 0 when the caller may go on, else -EIO or -ERESTARTSYS with number sent to
 * its group. */
long terminal_check_background(struct terminal *terminal, int number);

/* terminal_session.c: the calling session leader's session gets the terminal (TIOCSCTTY).
 * steal: from another one if need be, which needs CAP_SYS_ADMIN. 0, -EPERM, -EIO. */
long terminal_take(struct terminal *terminal, bool steal);

/* The master is gone: all that is open of the terminal is cut off, its session loses it, and the
 * session's leader gets SIGHUP and SIGCONT. */
void terminal_hang_up(struct terminal *terminal);
