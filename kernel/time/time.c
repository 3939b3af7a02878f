/* SPDX-License-Identifier: MIT
 *
 * Time from the time-stamp counter, measured at boot against the local APIC's
 * timer, whose frequency is known. The measurement is short (a boot counts
 * instructions) and is refined once, a second later (calibration.h). What users may
 * read of it is in a page of its own, for the vDSO.
 */
#include <arch/apic.h>
#include <arch/cpu.h>
#include <arch/rtc.h>
#include <kernel/log/log.h>
#include <kernel/sync/spinlock.h>
#include <kernel/time/calibration.h>
#include <kernel/time/clock_page.h>
#include <kernel/time/tick.h>
#include <kernel/time/time.h>

/* The first measurement lasts no longer, though each reading takes so long that it tells little. */
#define COARSE_MOST_NS 50000000

/* As in clock_page.h; replaced as a whole. */
struct clock {
	uint64_t base_tsc, base_ns, scale;
};

static struct clock clocks[2];
static struct clock *volatile clock_now = &clocks[0];
static uint64_t wall_offset;
static struct spinlock page_lock = SPINLOCK_INIT(timer); /* who writes the page; interrupts off */
static struct clock_page *page;                          /* NULL at first */
static struct calibration calibration; /* and the next: the boot CPU, in its tick */
static bool refined;

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

static struct calibration_reading read_both(void)
{
	struct calibration_reading reading;

	reading.before = tsc_read();
	reading.left = apic_timer_left();
	reading.after = tsc_read();
	return reading;
}

/* The timer's registers may take longer to read than the shortest measurement lasts. */
static uint64_t measure_scale(void)
{
	struct calibration_reading first, last;

	apic_timer_one_shot(COARSE_MOST_NS);
	first = read_both();
	do
		last = read_both();
	while (last.left != 0 && !calibration_is_coarse(first, last));
	return calibration_scale(first, last);
}

void time_init(void)
{
	clocks[0].scale = measure_scale();
	calibration = calibration_of(NS_PER_TICK, clocks[0].scale);
	time_set_wall(rtc_read() * NS_PER_SECOND);
}

void time_tick(void)
{
	uint64_t tsc;

	if (refined)
		return;
	refined = calibration_read(&calibration, read_both());
	if (!refined)
		return;
	tsc = tsc_read();
	clocks[1] = (struct clock){tsc, clock_at(tsc, 0, 0, clocks[0].scale), calibration.scale};
	__atomic_store_n(&clock_now, &clocks[1], __ATOMIC_RELEASE);
	publish();
}
