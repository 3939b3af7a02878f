/* SPDX-License-Identifier: MIT
 *
 * Timers that are read (timerfd_create(2)). Times in ns; all may sleep.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>

struct file;

struct timerfd_setting {
	uint64_t value;    /* until it expires, or when; 0: off */
	uint64_t interval; /* from then on; 0: once */
	bool absolute;     /* value is a time of the timer's clock */
	bool cancel;       /* a change of the wall clock ends the wait (-ECANCELED) */
};

/* The descriptor. by_wall: an absolute time is one of the wall clock. flags: O_NONBLOCK,
 * O_CLOEXEC. */
long timerfd_open(bool by_wall, uint32_t flags);

/* *old: what was left (0: off) and the interval before. Both -EINVAL for another kind of file. */
int __must_check timerfd_set(struct file *file, const struct timerfd_setting *setting,
                             struct timerfd_setting *old);
int __must_check timerfd_get(struct file *file, struct timerfd_setting *left);

/* The wall clock was set: timers that go by it come at another time. */
void timerfd_clock_was_set(void);
