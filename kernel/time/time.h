/* SPDX-License-Identifier: MIT
 *
 * Time since boot and the wall clock, in nanoseconds; and sleeping.
 */
#pragma once

#include <stdint.h>

#define NS_PER_SECOND 1000000000UL
#define TICK_HZ       250
#define NS_PER_TICK   (NS_PER_SECOND / TICK_HZ)

/* Monotonic, from power-on (CLOCK_MONOTONIC, clock_gettime(2)). Any context. */
uint64_t time_now(void);

/* Nanoseconds since 1970 (CLOCK_REALTIME). Any context. */
uint64_t time_wall(void);
void time_set_wall(uint64_t ns);

/* From here on this page says what the clocks are (clock_page.h). Once. */
struct clock_page;
void time_publish(struct clock_page *where);

/* A callback at a point of time_now(), in interrupt context. The owner keeps the
 * timer alive until it fired or timer_cancel() returned. */
struct timer {
	struct timer *next;
	uint64_t deadline;
	void (*fire)(struct timer *timer);
	int armed;
};
void timer_start(struct timer *timer, uint64_t deadline, void (*fire)(struct timer *));
/* Whether it was still to come. */
int timer_cancel(struct timer *timer);
/* The same without waiting for a callback that is under way: for who holds a lock that the
 * callback takes, and whose callback then looks whether it is due. */
void timer_set(struct timer *timer, uint64_t deadline, void (*fire)(struct timer *));
void timer_unset(struct timer *timer);

/* Each tick of the boot CPU: refines the clock. Interrupt context. */
void time_tick(void);

/* Run the timers that are due. Interrupt context. */
void timers_run(uint64_t now);
