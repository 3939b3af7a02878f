/* SPDX-License-Identifier: MIT
 *
 * How fast a counter of cycles goes, from readings of it beside a timer of known frequency that
 * counts nanoseconds down and starts again each period. Readings may be any time apart, and no
 * end of a period need be seen (a loaded host swallows interrupts): each window is up to
 * CALIBRATION_GROWTH times the last one, whose result is good enough to tell how many periods have
 * passed. Pure; the owner is whoever holds the struct.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define CALIBRATION_GROWTH 4
#define CALIBRATION_WINDOW 1000000000UL /* ns: the last one is at least as long */

/* The counter before and after the timer was read: a reading that was interrupted is known. */
struct calibration_reading {
	uint64_t before, after, left;
};

/* Whether two readings within one period tell the pace to a tenth at least: soon after each other
 * where readings are quick. */
bool calibration_is_coarse(struct calibration_reading first, struct calibration_reading last);

/* What they say of it: ns << CLOCK_SCALE_SHIFT a cycle, above 0. */
uint64_t calibration_scale(struct calibration_reading first, struct calibration_reading last);

struct calibration {
	uint64_t period;       /* ns */
	uint64_t scale;        /* ns << CLOCK_SCALE_SHIFT a cycle; the best known */
	uint64_t coarse;       /* the scale that it began with: within 1/10 */
	uint64_t window;       /* ns that were measured last; 0 before the first reading */
	uint64_t cycles, left; /* at the first reading */
};

static inline struct calibration calibration_of(uint64_t period, uint64_t coarse)
{
	return (struct calibration){.period = period, .scale = coarse, .coarse = coarse};
}

/* Whether the scale is now known over CALIBRATION_WINDOW; readings after that change nothing. */
bool calibration_read(struct calibration *calibration, struct calibration_reading reading);
