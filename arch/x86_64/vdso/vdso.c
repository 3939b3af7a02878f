/* SPDX-License-Identifier: MIT
 *
 * The kernel's own library in each process (vdso(7)): calls that need nothing but the time-stamp
 * counter and the page below. It runs as the user's code; its answers are those of the system calls
 * of the same names, which it makes where it does not know better.
 */
#include <asm/unistd_64.h>
#include <linux/time.h>
#include <linux/time_types.h>

#include <arch/cpu.h>
#include <arch/vdso.h>
#include <kernel/time/clock_page.h>

#define NS_PER_SECOND 1000000000UL

/* What programs look up (vdso.lds). */
int __vdso_clock_gettime(int clock, struct __kernel_timespec *time);
int __vdso_clock_getres(int clock, struct __kernel_timespec *resolution);
int __vdso_gettimeofday(struct __kernel_old_timeval *time, struct timezone *zone);
long __vdso_time(long *seconds);
int __vdso_getcpu(unsigned int *cpu, unsigned int *node, void *unused);

/* Where vdso.lds puts it, a page below the first byte. */
extern const struct clock_page clock_page __attribute__((visibility("hidden")));

static long system_call(long number, const void *first, const void *second)
{
	long result;

	__asm__ volatile("syscall"
	                 : "=a"(result)
	                 : "a"(number), "D"(first), "S"(second)
	                 : "rcx", "r11", "memory");
	return result;
}

/* The counter is read neither before the sequence nor after its second reading. */
static uint64_t read_clock(uint64_t *wall_offset)
{
	const volatile struct clock_page *page = &clock_page;
	uint32_t sequence;
	uint64_t now;

	do {
		while ((sequence = __atomic_load_n(&page->sequence, __ATOMIC_ACQUIRE)) & 1)
			cpu_relax();
		__asm__ volatile("lfence" : : : "memory");
		now = clock_at(tsc_read(), page->base_tsc, page->base_ns, page->scale);
		*wall_offset = page->wall_offset;
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
	} while (__atomic_load_n(&page->sequence, __ATOMIC_RELAXED) != sequence);
	return now;
}

static uint64_t read_wall(void)
{
	uint64_t offset, now = read_clock(&offset);

	return now + offset;
}

/* Which clocks show the time, and which of them the time of day; the others count what a process
 * has used, which the kernel knows. */
#define BIT(clock)    (1u << (clock))
#define CLOCKS_OF_DAY (BIT(CLOCK_REALTIME) | BIT(CLOCK_REALTIME_COARSE))
#define CLOCKS                                                                                     \
	(CLOCKS_OF_DAY | BIT(CLOCK_MONOTONIC) | BIT(CLOCK_MONOTONIC_RAW) |                         \
	 BIT(CLOCK_MONOTONIC_COARSE) | BIT(CLOCK_BOOTTIME))

int __vdso_clock_gettime(int clock, struct __kernel_timespec *time)
{
	uint64_t offset, now;

	if ((unsigned int)clock >= 32 || !(CLOCKS & BIT(clock)))
		return (int)system_call(__NR_clock_gettime, (void *)(long)clock, time);
	now = read_clock(&offset);
	if (CLOCKS_OF_DAY & BIT(clock))
		now += offset;
	time->tv_sec = (long)(now / NS_PER_SECOND);
	time->tv_nsec = (long)(now % NS_PER_SECOND);
	return 0;
}

/* Rarely asked: the kernel's table says it. */
int __vdso_clock_getres(int clock, struct __kernel_timespec *resolution)
{
	return (int)system_call(__NR_clock_getres, (void *)(long)clock, resolution);
}

int __vdso_gettimeofday(struct __kernel_old_timeval *time, struct timezone *zone)
{
	uint64_t now = read_wall();

	if (time) {
		time->tv_sec = (long)(now / NS_PER_SECOND);
		time->tv_usec = (long)(now % NS_PER_SECOND / 1000);
	}
	if (zone)
		*zone = (struct timezone){0, 0};
	return 0;
}

long __vdso_time(long *seconds)
{
	long now = (long)(read_wall() / NS_PER_SECOND);

	if (seconds)
		*seconds = now;
	return now;
}

/* The limit of a segment of each CPU's own is its number: any program may ask for that. */
int __vdso_getcpu(unsigned int *cpu, unsigned int *node, void *unused)
{
	unsigned int number;

	(void)unused;
	__asm__ volatile("lsl %1, %0" : "=r"(number) : "r"(CPU_NUMBER_SELECTOR));
	if (cpu)
		*cpu = number;
	if (node)
		*node = 0;
	return 0;
}
