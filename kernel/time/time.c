/* SPDX-License-Identifier: MIT
 *
 * Time from the time-stamp counter, measured at boot against the local APIC's
 * timer, whose frequency is known. The measurement is short (a boot counts
 * instructions) and is refined once, a second later, from the ticks.
 */
#include <arch/apic.h>
#include <arch/cpu.h>
#include <arch/rtc.h>
#include <kernel/log/log.h>
#include <kernel/sync/spinlock.h>
#include <kernel/time/tick.h>
#include <kernel/time/time.h>

#define CALIBRATION_NS   20000
#define CALIBRATION_RUNS 3
#define REFINE_TICKS     TICK_HZ
#define REFINE_LIMIT     8 /* a correction by more than 1/8 is not one */
#define SCALE_SHIFT      32

/* ns = base_ns + (tsc - base_tsc) * scale >> 32; replaced as a whole. */
struct clock {
	uint64_t base_tsc, base_ns, scale;
};

static struct clock clocks[2];
static struct clock *volatile clock_now = &clocks[0];
static uint64_t wall_offset;
static uint64_t first_tick_tsc;

static uint64_t scale_of(uint64_t ns, uint64_t cycles)
{
	/* ns << 32 fits: ns is below 2^32 here. */
	return cycles ? (ns << SCALE_SHIFT) / cycles : 1UL << SCALE_SHIFT;
}

uint64_t time_now(void)
{
	const struct clock *clock = clock_now;
	uint64_t cycles = tsc_read() - clock->base_tsc;

	/* A 64 by 64 bit product, of which bits 32 to 95 are wanted. */
	return clock->base_ns + (cycles >> 32) * clock->scale +
	       (((cycles & 0xffffffff) * clock->scale) >> SCALE_SHIFT);
}

uint64_t time_wall(void)
{
	return time_now() + __atomic_load_n(&wall_offset, __ATOMIC_RELAXED);
}

void time_set_wall(uint64_t ns)
{
	__atomic_store_n(&wall_offset, ns - time_now(), __ATOMIC_RELAXED);
}

/* The run that was disturbed least took the fewest cycles. */
static uint64_t measure_cycles(void)
{
	uint64_t best = UINT64_MAX;

	for (int run = 0; run < CALIBRATION_RUNS; run++) {
		uint64_t start, cycles;

		apic_timer_one_shot(CALIBRATION_NS);
		start = tsc_read();
		while (apic_timer_left() != 0)
			cpu_relax();
		cycles = tsc_read() - start;
		if (cycles < best)
			best = cycles;
	}
	return best;
}

void time_init(void)
{
	uint64_t cycles = measure_cycles();

	clocks[0] = (struct clock){0, 0, scale_of(CALIBRATION_NS, cycles)};
	time_set_wall(rtc_read() * NS_PER_SECOND);
}

/* Interrupt context of the boot CPU. */
static void refine(uint64_t ticks)
{
	uint64_t tsc = tsc_read();

	if (ticks == 1)
		first_tick_tsc = tsc;
	if (ticks == REFINE_TICKS + 1) {
		uint64_t coarse = clocks[0].scale;
		uint64_t fine = scale_of(REFINE_TICKS * NS_PER_TICK, tsc - first_tick_tsc);

		/* A loaded host swallows ticks, which would make the clock slow for good. */
		if (fine < coarse - coarse / REFINE_LIMIT || fine > coarse + coarse / REFINE_LIMIT)
			return;
		clocks[1] = (struct clock){tsc, time_now(), fine};
		__atomic_store_n(&clock_now, &clocks[1], __ATOMIC_RELEASE);
	}
}

void time_tick(uint64_t ticks)
{
	if (ticks <= REFINE_TICKS + 1)
		refine(ticks);
}
