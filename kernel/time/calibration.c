/* SPDX-License-Identifier: MIT */
#include <kernel/time/calibration.h>
#include <kernel/time/clock_page.h>

/* Of a period: the longest that a reading may take, and the most that a window may differ from
 * what the last one made of it. */
#define READING_PART  64
#define SURPRISE_PART 4

#define COARSE_NS    20000
#define COARSE_PARTS 32 /* that a reading may be one of: the pace is known to about that */

static uint64_t middle(struct calibration_reading reading)
{
	return reading.before + (reading.after - reading.before) / 2;
}

bool calibration_is_coarse(struct calibration_reading first, struct calibration_reading last)
{
	uint64_t most = (last.after - first.before) / COARSE_PARTS;

	return first.left - last.left >= COARSE_NS && first.after - first.before <= most &&
	       last.after - last.before <= most;
}

uint64_t calibration_scale(struct calibration_reading first, struct calibration_reading last)
{
	uint64_t cycles = middle(last) - middle(first);
	uint64_t shifted = (first.left - last.left) << CLOCK_SCALE_SHIFT;

	return shifted && cycles && shifted > cycles ? shifted / cycles : 1;
}

static void start(struct calibration *calibration, uint64_t cycles, uint64_t left)
{
	calibration->scale = calibration->coarse;
	calibration->window = calibration->period;
	calibration->cycles = cycles;
	calibration->left = left;
}

bool calibration_read(struct calibration *calibration, struct calibration_reading reading)
{
	uint64_t period = calibration->period, cycles, about, phase, exact;

	if (calibration->window >= CALIBRATION_WINDOW)
		return true;
	if (clock_at(reading.after, reading.before, 0, calibration->scale) > period / READING_PART)
		return false;
	cycles = middle(reading);
	about = clock_at(cycles, calibration->cycles, 0, calibration->scale);
	if (calibration->window == 0 || about > calibration->window * CALIBRATION_GROWTH) {
		start(calibration, cycles, reading.left);
		return false;
	}
	if (about < calibration->window * 2)
		return false;
	phase = (calibration->left + period - reading.left) % period;
	exact = (about + period / 2 - phase) / period * period + phase;
	if (about > exact + period / SURPRISE_PART || exact > about + period / SURPRISE_PART) {
		start(calibration, cycles, reading.left);
		return false;
	}
	calibration->scale = (exact << CLOCK_SCALE_SHIFT) / (cycles - calibration->cycles);
	calibration->window = exact;
	return exact >= CALIBRATION_WINDOW;
}
