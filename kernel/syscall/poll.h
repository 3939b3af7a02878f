/* SPDX-License-Identifier: MIT
 *
 * Waiting for several files at once: what poll(2) and select(2) share. As epoll(7) does, they
 * watch the files' own wait queues (kernel/sync/wait_queue.h).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <kernel/sync/wait_queue.h>
#include <kernel/vfs/file.h>

struct poll_sleeper;

struct poll_entry {
	struct file *file; /* NULL: no such descriptor, or none wanted */
	uint32_t events;   /* POLL* asked for; errors and hang-ups come unasked */
	uint32_t found;    /* POLL* that hold */
	struct wait_queue *queue;
	struct waiter watch;
	struct poll_sleeper *sleeper;
};

/* Entries for count descriptors, zeroed: NULL when memory is out. poll_free puts the files. */
struct poll_entry *poll_allocate(uint32_t count);
void poll_free(struct poll_entry *entries, uint32_t count);

/* Until something holds: how many entries, 0 at the deadline (ns of time_now(); 0 does not
 * wait), -EINTR. */
long poll_wait(struct poll_entry *entries, uint32_t count, uint64_t deadline);

/* A deadline from milliseconds; below 0: for ever. */
uint64_t poll_deadline_ms(int timeout);

/* A deadline from a user's timespec (NULL pointer: for ever): 0, -EFAULT, -EINVAL. */
long poll_deadline(const void __user *timeout, uint64_t *deadline);

/* What is left until a deadline, back into the user's timespec: the calls themselves do so,
 * their C library functions hide it (pselect(2), NOTES). Faults are let pass. */
void poll_write_left(void __user *timeout, uint64_t deadline);

/* ppoll(2), pselect(2): wait under another signal mask. mask_end gives it back, unless the
 * wait was interrupted: then signal_deliver does, behind the handler. Answers what the call
 * answers. */
long mask_begin(const void __user *mask, uint64_t mask_size);
long mask_end(const void __user *mask, long result);
