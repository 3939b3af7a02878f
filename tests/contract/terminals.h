/* SPDX-License-Identifier: MIT
 *
 * What the cases of pseudo-terminals share.
 */
#pragma once

#include <sys/types.h>

struct pair {
	int master, slave;
};

/* One that nobody has for a controlling terminal. */
struct pair open_pair(void);

/* All of a text to one end; it has been taken note of when this returns. */
void type(int fd, const char *text);
/* The same by a child that comes later. */
void write_later(int fd, const char *text, unsigned int milliseconds);

/* Wait until a terminal has a foreground group, other than this one: which it is then. */
pid_t wait_for_foreground(int fd, pid_t other_than);
/* Wait until a process that is going to sleep does. */
void wait_until_asleep(pid_t process);

/* Read up to this byte, which is a line's last or a word's. */
void skip_to(int fd, char last);

/* Say what comes within some seconds, as C would write it, or why it does not come. */
void tell(int fd);
