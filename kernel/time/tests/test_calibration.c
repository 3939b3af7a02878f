/* SPDX-License-Identifier: MIT
 *
 * The counter's pace is found from readings at any times, however they are late, lost or torn.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <kernel/time/calibration.h>
#include <kernel/time/clock_page.h>

#define PERIOD    4000000UL
#define READINGS  10000
#define MILLION   1000000UL
#define PRECISION 100 /* of a million */

/* A machine whose counter makes `hz` cycles a second. */
struct machine {
	uint64_t now, hz, started;
};

static uint64_t cycles_at(const struct machine *machine, uint64_t ns)
{
	return (uint64_t)((__uint128_t)ns * machine->hz / 1000000000);
}

static uint64_t scale_of(uint64_t hz)
{
	return (1000000000UL << CLOCK_SCALE_SHIFT) / hz;
}

/* A reading now, which takes so many ns; the timer is read somewhere within. */
static struct calibration_reading reading(const struct machine *machine, uint64_t takes)
{
	uint64_t at = machine->now + takes / 3;

	return (struct calibration_reading){
	        .before = cycles_at(machine, machine->now),
	        .after = cycles_at(machine, machine->now + takes),
	        .left = PERIOD - (at - machine->started) % PERIOD,
	};
}

static void assert_found(const struct calibration *calibration, uint64_t hz)
{
	uint64_t scale = scale_of(hz);

	assert_in_range(calibration->scale, scale - scale / MILLION * PRECISION,
	                scale + scale / MILLION * PRECISION);
}

/* Readings at random times until the pace is known; how many periods apart is up to `most`. */
static void find(uint64_t hz, uint64_t coarse_hz, uint64_t most, unsigned int seed)
{
	struct machine machine = {.now = 7777777, .hz = hz, .started = 1234567};
	struct calibration calibration = calibration_of(PERIOD, scale_of(coarse_hz));
	bool known = false;

	srandom(seed);
	for (int i = 0; i < READINGS && !known; i++) {
		machine.now += PERIOD / 2 + (uint64_t)random() % (PERIOD * most);
		known = calibration_read(&calibration, reading(&machine, 600));
	}
	assert_true(known);
	assert_found(&calibration, hz);
}

static void a_quiet_machine_is_measured(void **state)
{
	(void)state;
	find(2100000000, 2100000000, 1, 1);
}

static void a_start_that_is_a_tenth_off_is_corrected(void **state)
{
	(void)state;
	find(2100000000, 1900000000, 1, 2);
	find(2100000000, 2300000000, 1, 3);
	find(998000000, 1090000000, 1, 4);
}

static void ticks_that_are_swallowed_leave_it_right(void **state)
{
	(void)state;
	for (unsigned int seed = 1; seed <= 200; seed++)
		find(2800000000, 2700000000, 5, seed);
}

static void a_pause_starts_it_again(void **state)
{
	struct machine machine = {.now = 0, .hz = 3000000000};
	struct calibration calibration = calibration_of(PERIOD, scale_of(3100000000));
	bool known = false;

	(void)state;
	for (int i = 1; i < READINGS && !known; i++) {
		machine.now += i % 20 == 10 && i < 100 ? 30 * CALIBRATION_WINDOW : PERIOD;
		known = calibration_read(&calibration, reading(&machine, 600));
	}
	assert_true(known);
	assert_found(&calibration, 3000000000);
}

static void a_reading_that_was_interrupted_is_not_taken(void **state)
{
	struct machine machine = {.now = 0, .hz = 1000000000};
	struct calibration calibration = calibration_of(PERIOD, scale_of(1050000000));
	bool known = false;

	(void)state;
	for (int i = 1; i < READINGS && !known; i++) {
		machine.now += PERIOD;
		known = calibration_read(&calibration, reading(&machine, i % 3 ? PERIOD / 2 : 900));
		assert_true(!known || i % 3 == 0);
	}
	assert_true(known);
	assert_found(&calibration, 1000000000);
}

static void a_start_that_is_far_off_is_noticed(void **state)
{
	struct machine machine = {.now = 0, .hz = 2000000000};
	struct calibration calibration = calibration_of(PERIOD, scale_of(1700000000));

	(void)state;
	for (int i = 1; i < READINGS; i++) {
		machine.now += PERIOD;
		assert_false(calibration_read(&calibration, reading(&machine, 600)));
	}
	assert_int_equal(calibration.scale, scale_of(1700000000));
}

/* Two readings, of which each takes so long; `apart` ns lie between their beginnings. */
static bool coarse(uint64_t first_takes, uint64_t apart, uint64_t last_takes, uint64_t *scale)
{
	struct machine machine = {.now = 5, .hz = 2000000000};
	struct calibration_reading first = reading(&machine, first_takes), last;

	machine.now += apart;
	last = reading(&machine, last_takes);
	*scale = calibration_scale(first, last);
	return calibration_is_coarse(first, last);
}

static void a_coarse_measurement_is_a_tenth_off_at_most(void **state)
{
	uint64_t scale, exact = scale_of(2000000000);

	(void)state;
	assert_false(coarse(300, 19000, 300, &scale));
	assert_false(coarse(300, 22000, 1000, &scale));
	assert_false(coarse(1000, 22000, 300, &scale));
	for (uint64_t takes = 100; takes < 40000; takes += 100)
		for (uint64_t apart = 2 * takes; apart < 2000000; apart += 7777)
			if (coarse(takes, apart, takes / 3, &scale))
				assert_in_range(scale, exact - exact / 10, exact + exact / 10);
	assert_true(coarse(300, 20500, 300, &scale));
	assert_true(coarse(60000, 3000000, 60000, &scale));
}

static void readings_at_one_moment_tell_nothing_and_divide_by_nothing(void **state)
{
	struct calibration_reading same = {.before = 9, .after = 9, .left = 9};

	(void)state;
	assert_false(calibration_is_coarse(same, same));
	assert_int_equal(calibration_scale(same, same), 1);
}

static void what_is_known_stays(void **state)
{
	struct machine machine = {.now = 0, .hz = 2000000000};
	struct calibration calibration = calibration_of(PERIOD, scale_of(2000000000));
	uint64_t scale;

	(void)state;
	do {
		machine.now += PERIOD;
	} while (!calibration_read(&calibration, reading(&machine, 600)));
	scale = calibration.scale;
	machine.now += 100 * CALIBRATION_WINDOW;
	assert_true(calibration_read(&calibration, reading(&machine, 600)));
	assert_int_equal(calibration.scale, scale);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(a_quiet_machine_is_measured),
	        cmocka_unit_test(a_start_that_is_a_tenth_off_is_corrected),
	        cmocka_unit_test(ticks_that_are_swallowed_leave_it_right),
	        cmocka_unit_test(a_pause_starts_it_again),
	        cmocka_unit_test(a_reading_that_was_interrupted_is_not_taken),
	        cmocka_unit_test(a_start_that_is_far_off_is_noticed),
	        cmocka_unit_test(a_coarse_measurement_is_a_tenth_off_at_most),
	        cmocka_unit_test(readings_at_one_moment_tell_nothing_and_divide_by_nothing),
	        cmocka_unit_test(what_is_known_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
