/* SPDX-License-Identifier: MIT
 *
 * AF_UNIX (unix(7)), as the rest of the core sees it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>

struct file;
struct socket_family;
struct unix_info;

extern const struct socket_family unix_family;

/* Whether a file is such a socket and travels with messages right now: when a descriptor of it
 * goes, it may be that nobody can get at it any more. Does not sleep. */
bool unix_is_in_flight(const struct file *file);
/* Close the sockets that only messages refer to which nobody can receive. */
void unix_collect(void);

/* For /proc/net/unix: the socket with the lowest number from one on, which is the answer; 0 when
 * there is none. Does not sleep. */
uint64_t unix_next_info(uint64_t from, struct unix_info *info);
