/* SPDX-License-Identifier: MIT
 *
 * The timer interrupt of each CPU, and the start of time.
 */
#pragma once

#include <stdbool.h>

/* Measure the time-stamp counter and read the clock. Boot CPU, after apic_enable(). */
void time_init(void);

/* One tick of this CPU: timers, scheduling, the watchdog. Interrupt context. */
void tick_interrupt(bool from_user);
