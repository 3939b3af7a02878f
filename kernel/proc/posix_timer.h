/* SPDX-License-Identifier: MIT
 *
 * The timers that a process has: the interval timers of setitimer(2), and those that
 * timer_create(2) makes.
 */
#pragma once

#include <stdint.h>

#include <aramid/check.h>
#include <kernel/proc/signal_timer.h>

struct process;

/* The calling process's. A new timer is off: its id, or -EAGAIN. event: its clock, number, target
 * and origin; with own_value the signal says the timer's id. */
long posix_timer_create(const struct signal_timer *event, bool own_value);
/* All -EINVAL for an id that is none. */
int __must_check posix_timer_set(int32_t id, const struct timer_setting *setting,
                                 struct timer_setting *old);
int __must_check posix_timer_get(int32_t id, struct timer_setting *left);
long posix_timer_overrun(int32_t id);
int posix_timer_delete(int32_t id);

/* exec: there are none any more. */
void posix_timers_delete(struct process *process);

/* The wall clock was set: timers that go by it come at another time. */
void posix_timers_clock_was_set(void);

/* A process begins without a timer that runs, and ends without one. */
void process_timers_init(struct process *process);
void process_timers_end(struct process *process);
