/* SPDX-License-Identifier: MIT
 *
 * Timers of a process that send it signals: what setitimer(2) and timer_create(2) share. Times in
 * ns. All with process_table_lock unless said otherwise.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <kernel/proc/cpu_timer.h>
#include <kernel/proc/signal.h>
#include <kernel/time/time.h>

struct process;

enum timer_clock {
	TIMER_MONOTONIC,
	TIMER_WALL, /* absolute times are the wall clock's, whatever becomes of it */
	TIMER_CPU,
};

struct timer_setting {
	uint64_t value;    /* until it expires, or when; 0: off */
	uint64_t interval; /* from then on; 0: once */
	bool absolute;     /* value is a time of the timer's clock */
};

struct signal_timer {
	struct process *process;
	enum timer_clock clock;
	struct timer timer;   /* of the clocks that go by themselves */
	struct cpu_timer cpu; /* of the others */
	bool by_wall;         /* next is one of the wall clock */
	uint64_t next;        /* when it expires; 0: off */
	uint64_t interval;
	int number;                  /* the signal, 0: none */
	process_id target;           /* the task that gets it, 0: the process */
	struct signal_origin origin; /* what the signal says */
	struct timer_signal signal;
};

/* Zeroed before; off. cpu: what TIMER_CPU counts. */
void signal_timer_init(struct signal_timer *timer, struct process *process, enum timer_clock clock,
                       struct cpu_clock cpu);

/* *old: what was left (0: off) and the interval. A signal that is pending is withdrawn. */
void signal_timer_set(struct signal_timer *timer, const struct timer_setting *setting,
                      struct timer_setting *old);
void signal_timer_get(const struct signal_timer *timer, struct timer_setting *left);

/* The wall clock was set. */
void signal_timer_clock_was_set(struct signal_timer *timer);

/* Off for good; then, without the lock, wait until its interrupt is over. */
void signal_timer_stop(struct signal_timer *timer);
void signal_timer_drain(struct signal_timer *timer);
