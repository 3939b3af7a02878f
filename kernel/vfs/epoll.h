/* SPDX-License-Identifier: MIT
 *
 * Interest lists (epoll(7)). An open file that a list watches knows so, and leaves all lists when
 * its last descriptor goes.
 */
#pragma once

#include <stdint.h>

#include <aramid/user.h>

struct file;

/* As users pass it (<linux/eventpoll.h>, whose events are of a type of their own). */
struct epoll_event {
	uint32_t events; /* POLL* and EVENT_* */
	uint64_t data;
} __attribute__((packed));

#define EVENT_EXCLUSIVE   (1u << 28)
#define EVENT_WAKE_UP     (1u << 29)
#define EVENT_ONE_SHOT    (1u << 30)
#define EVENT_EDGE        (1u << 31)
#define EPOLL_CONTROL_ADD 1
#define EPOLL_CONTROL_DEL 2
#define EPOLL_CONTROL_MOD 3

/* epoll_create1(2): the descriptor. flags: O_CLOEXEC. */
long epoll_open(uint32_t flags);

/* epoll_ctl(2). event: NULL for EPOLL_CONTROL_DEL. 0, or the errors that the manual names. */
long epoll_control(struct file *file, int operation, int descriptor, struct file *target,
                   const struct epoll_event *event);

/* epoll_wait(2) until a deadline (as poll_wait): how many events were written to the user, 0,
 * -EINVAL when the file is no epoll, -EINTR, -EFAULT. */
long epoll_wait_events(struct file *file, struct epoll_event __user *events, uint32_t most,
                       uint64_t deadline);

/* A watched file that nobody refers to any more leaves the lists. For file_put. */
void epoll_forget(struct file *file);
