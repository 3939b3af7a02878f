/* SPDX-License-Identifier: MIT
 *
 * The clocks that calls name (clock_gettime(2), clock_getcpuclockid(3)), and times as they are
 * handed over.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#include <aramid/user.h>
#include <kernel/proc/cpu_timer.h>

struct __kernel_timespec;

struct clock_choice {
	uint64_t (*read)(void); /* NULL: a CPU clock, of process and cpu */
	uint64_t resolution;    /* ns */
	bool sleeps;            /* clock_nanosleep(2) and timer_create(2) go by it */
	bool wakes;             /* who uses it for timers needs to be privileged */
	process_id process;
	struct cpu_clock cpu;
};

/* -EINVAL: there is none of this number. */
int __must_check clock_find(int clock, struct clock_choice *choice);

uint64_t clock_read(const struct clock_choice *clock);

/* Whether a CPU clock counts the calling process. */
bool clock_is_own(const struct clock_choice *clock);

/* A time further off than a deadline can say is for ever. */
bool __must_check time_to_ns(const struct __kernel_timespec *time, uint64_t *ns);
struct __kernel_timespec time_from_ns(uint64_t ns);
