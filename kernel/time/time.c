/* SPDX-License-Identifier: MIT
 *
 * Time from the time-stamp counter, measured at boot against the local APIC's
 * timer, whose frequency is known. The measurement is short (a boot counts
 * instructions) and is refined once, a second later, from the ticks. What users may
 * read of it is in a page of its own, for the vDSO.
 */
#include <arch/apic.h>
#include <arch/cpu.h>
#include <arch/rtc.h>
#include <kernel/log/log.h>
#include <kernel/sync/spinlock.h>
#include <kernel/time/clock_page.h>
#include <kernel/time/tick.h>
#include <kernel/time/time.h>

#define CALIBRATION_NS   20000
#define CALIBRATION_RUNS 3
#define REFINE_TICKS     TICK_HZ
#define REFINE_LIMIT     8 /* a correction by more than 1/8 is not one */

/* As in clock_page.h; replaced as a whole. */
struct clock {
	uint64_t base_tsc, base_ns, scale;
};

static struct clock clocks[2];
static struct clock *volatile clock_now = &clocks[0];
static uint64_t wall_offset;
static struct spinlock page_lock = SPINLOCK_INIT(timer); /* who writes the page; interrupts off */
static struct clock_page *page;                          /* NULL at first */
static uint64_t first_tick_tsc;

static uint64_t scale_of(uint64_t ns, uint64_t cycles)
{
	/* ns << 32 fits: ns is below 2^32 here. */
	return cycles ? (ns << CLOCK_SCALE_SHIFT) / cycles : 1UL << CLOCK_SCALE_SHIFT;
}

uint64_t time_now(void)
{
	const struct clock *clock = clock_now;

	return clock_at(tsc_read(), clock->base_tsc, clock->base_ns, clock->scale);
}

/* Tell users what the clock is now. */
static void publish(void)
{
	unsigned long flags = spin_lock_irq(&page_lock);
	const struct clock *clock = clock_now;

	if (page) {
		__atomic_store_n(&page->sequence, page->sequence + 1, __ATOMIC_RELAXED);
		__atomic_thread_fence(__ATOMIC_RELEASE);
		page->base_tsc = clock->base_tsc;
		page->base_ns = clock->base_ns;
		page->scale = clock->scale;
		page->wall_offset = __atomic_load_n(&wall_offset, __ATOMIC_RELAXED);
		__atomic_store_n(&page->sequence, page->sequence + 1, __ATOMIC_RELEASE);
	}
	spin_unlock_irq(&page_lock, flags);
}

void time_publish(struct clock_page *where)
{
	page = where;
	publish();
}

uint64_t time_wall(void)
{
	return time_now() + __atomic_load_n(&wall_offset, __ATOMIC_RELAXED);
}

void time_set_wall(uint64_t ns)
{
	__atomic_store_n(&wall_offset, ns - time_now(), __ATOMIC_RELAXED);
	publish();
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
		publish();
	}
}

void time_tick(uint64_t ticks)
{
	if (ticks <= REFINE_TICKS + 1)
		refine(ticks);
}
