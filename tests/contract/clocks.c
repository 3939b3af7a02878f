/* SPDX-License-Identifier: MIT
 *
 * Clocks, sleeping by them, and interval timers (clock_gettime(2), clock_nanosleep(2),
 * setitimer(2)).
 */
#define _GNU_SOURCE
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>

#include "contract.h"

#define MS 1000000L

/* The calls themselves: the C library turns their errors around. */
static long sleep_by(int clock, int flags, const void *wanted, void *left)
{
	return syscall(SYS_clock_nanosleep, clock, flags, wanted, left);
}

static struct timespec in_ms(int clock, long milliseconds)
{
	struct timespec time;

	clock_gettime(clock, &time);
	time.tv_nsec += milliseconds * MS;
	time.tv_sec += time.tv_nsec / (1000 * MS);
	time.tv_nsec %= 1000 * MS;
	return time;
}

static long in_us(const struct timespec *time)
{
	return time->tv_sec * 1000000 + time->tv_nsec / 1000;
}

static void burn(long milliseconds)
{
	for (long start = now_ms(); now_ms() - start < milliseconds;)
		;
}

CASE(clock_nanosleep_to_a_time)
{
	static const int clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_TAI};

	for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		struct timespec wanted = in_ms(clocks[i], 30), past = {1, 0};
		long start = now_ms();

		SHOW(sleep_by(clocks[i], TIMER_ABSTIME, &wanted, NULL));
		SHOW(now_ms() - start >= 29);
		SHOW(sleep_by(clocks[i], TIMER_ABSTIME, &past, NULL));
		SHOW(now_ms() - start < 5000);
	}
}

CASE(clock_nanosleep_for_a_time)
{
	struct timespec wanted = {0, 30 * MS};
	long start = now_ms();

	SHOW(sleep_by(CLOCK_REALTIME, 0, &wanted, NULL));
	SHOW(sleep_by(CLOCK_MONOTONIC, 0, &wanted, NULL));
	SHOW(now_ms() - start >= 59);
}

CASE(clock_nanosleep_is_interrupted)
{
	struct timespec wanted = {10, 0}, left = {0}, then = in_ms(CLOCK_MONOTONIC, 10000);

	catch_signal(SIGUSR1, 0);
	signal_later(SIGUSR1, 50);
	SHOW(sleep_by(CLOCK_MONOTONIC, 0, &wanted, &left));
	SHOW(left.tv_sec);
	left.tv_sec = 77;
	signal_later(SIGUSR1, 50);
	SHOW(sleep_by(CLOCK_MONOTONIC, TIMER_ABSTIME, &then, &left));
	SHOW(left.tv_sec);
	SHOW(signals_caught);
}

CASE(clock_nanosleep_by_cpu_time)
{
	struct timespec wanted = {0, 30 * MS}, left = {0};

	/* Nobody uses any: a signal ends it. */
	catch_signal(SIGUSR1, 0);
	signal_later(SIGUSR1, 50);
	SHOW(sleep_by(CLOCK_PROCESS_CPUTIME_ID, 0, &wanted, &left));
	SHOW(left.tv_nsec > 0);
	wanted = (struct timespec){0, 0};
	SHOW(sleep_by(CLOCK_PROCESS_CPUTIME_ID, TIMER_ABSTIME, &wanted, NULL));
}

CASE(clock_nanosleep_refuses)
{
	struct timespec wanted = {0, 1};

	SHOW(sleep_by(99, 0, &wanted, NULL));
	SHOW(sleep_by(CLOCK_THREAD_CPUTIME_ID, 0, &wanted, NULL));
	SHOW(sleep_by(CLOCK_MONOTONIC_RAW, 0, &wanted, NULL));
	SHOW(sleep_by(CLOCK_REALTIME_COARSE, 0, &wanted, NULL));
	SHOW(sleep_by(CLOCK_MONOTONIC, 0, (void *)8, NULL));
	wanted.tv_nsec = 1000 * MS;
	SHOW(sleep_by(CLOCK_MONOTONIC, 0, &wanted, NULL));
	wanted = (struct timespec){-1, 0};
	SHOW(sleep_by(CLOCK_MONOTONIC, 0, &wanted, NULL));
	SHOW(sleep_by(CLOCK_MONOTONIC, TIMER_ABSTIME, &wanted, NULL));
}

CASE(clocks_there_are)
{
	/* But for those that wake a machine: not every Linux can. */
	for (int clock = 0; clock < 8; clock++) {
		struct timespec time = {-1, -1};
		long result = clock_gettime(clock, &time);

		SAY("clock %d: %ld, valid %d", clock, result,
		    time.tv_sec >= 0 && time.tv_nsec >= 0 && time.tv_nsec < 1000 * MS);
	}
	SHOW(syscall(SYS_clock_gettime, CLOCK_PROCESS_CPUTIME_ID, (void *)8));
	SHOW(clock_getres(CLOCK_MONOTONIC, NULL));
	SHOW(clock_getres(99, NULL));
}

CASE(clock_of_cpu_time)
{
	struct timespec before, after;
	long start = now_ms();
	clockid_t clock;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
	do {
		burn(20);
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
	} while (in_us(&after) - in_us(&before) < 5000 && now_ms() - start < 15000);
	SHOW(in_us(&after) - in_us(&before) >= 5000);
	SHOW(clock_getcpuclockid(0, &clock));
	SHOW(clock_gettime(clock, &after));
	SHOW(clock_getcpuclockid(getppid(), &clock));
	SHOW(clock_gettime(clock, &after));
	SHOW(clock_getcpuclockid(999999, &clock) != 0);
	SHOW(clock_gettime((~999999U << 3) | 2, &after));
	SHOW(clock_gettime((~0U << 3) | 3, &after));
	SHOW(clock_settime(CLOCK_PROCESS_CPUTIME_ID, &after));
}

CASE(clock_settime_refuses)
{
	struct timespec time = {1, 0};

	SHOW(clock_settime(CLOCK_REALTIME, &time));
	SHOW(clock_settime(CLOCK_MONOTONIC, &time));
	SHOW(clock_settime(99, &time));
}

CASE(itimers_of_cpu_time)
{
	static const struct {
		int which, number;
	} timers[] = {{ITIMER_VIRTUAL, SIGVTALRM}, {ITIMER_PROF, SIGPROF}};

	for (size_t i = 0; i < sizeof(timers) / sizeof(timers[0]); i++) {
		struct itimerval value = {.it_value = {0, 20000}}, left;
		long start = now_ms();

		signals_caught = 0;
		catch_signal(timers[i].number, 0);
		SHOW(setitimer(timers[i].which, &value, NULL));
		rest(50);
		SHOW(signals_caught);
		/* It is user time that is used here. */
		while (!signals_caught && now_ms() - start < 5000)
			for (volatile int j = 0; j < 100000; j++)
				;
		SHOW(signals_caught);
		SHOW(getitimer(timers[i].which, &left));
		SHOW(left.it_value.tv_sec + left.it_value.tv_usec);
	}
}

CASE(itimer_of_real_time)
{
	struct itimerval value = {.it_value = {0, 20000}, .it_interval = {0, 20000}}, old;
	long start = now_ms();

	catch_signal(SIGALRM, SA_RESTART);
	SHOW(setitimer(ITIMER_REAL, &value, &old));
	SHOW(old.it_value.tv_sec >= 18 && old.it_value.tv_sec <= 20); /* the case's own alarm */
	while (signals_caught < 3 && now_ms() - start < 10000)
		rest(20);
	SHOW(signals_caught >= 3);
	SHOW(now_ms() - start >= 59);
	value = (struct itimerval){0};
	SHOW(setitimer(ITIMER_REAL, &value, &old));
	SHOW(old.it_interval.tv_usec);
	SHOW(getitimer(ITIMER_REAL, &old));
	SHOW(old.it_value.tv_usec + old.it_interval.tv_usec);
	SHOW(alarm(1000));
	SHOW(alarm(0));
}

CASE(itimers_refuse)
{
	struct itimerval value = {.it_value = {0, 1000000}};

	SHOW(setitimer(3, &value, NULL));
	SHOW(setitimer(ITIMER_REAL, &value, NULL));
	SHOW(syscall(SYS_setitimer, ITIMER_REAL, (void *)8, NULL));
	SHOW(getitimer(3, &value));
	SHOW(syscall(SYS_getitimer, ITIMER_REAL, (void *)8));
}

CASE(itimers_are_kept_by_exec_but_not_by_fork)
{
	struct itimerval value = {.it_value = {500, 0}}, left;
	int status;

	setitimer(ITIMER_REAL, &value, NULL);
	fflush(stdout);
	if (fork() == 0) {
		SHOW(getitimer(ITIMER_REAL, &left));
		SHOW(left.it_value.tv_sec);
		fflush(stdout);
		_exit(0);
	}
	SHOW(wait(&status) > 0);
	SHOW(getitimer(ITIMER_REAL, &left));
	SHOW(left.it_value.tv_sec > 400);
}
