/* SPDX-License-Identifier: MIT
 *
 * timer_create(2) and its kin. The calls themselves: the C library's own hide their errors.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <time.h>

#include "contract.h"

#define MS 1000000L

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id __sev_fields.sigev_notify_thread_id
#endif

static long create(int clock, void *event, int *timer)
{
	return syscall(SYS_timer_create, clock, event, timer);
}

static long settime(int timer, int flags, const struct itimerspec *value, struct itimerspec *old)
{
	return syscall(SYS_timer_settime, timer, flags, value, old);
}

static long gettime(int timer, struct itimerspec *value)
{
	return syscall(SYS_timer_gettime, timer, value);
}

static long overrun(int timer)
{
	return syscall(SYS_timer_getoverrun, timer);
}

static long delete(int timer)
{
	return syscall(SYS_timer_delete, timer);
}

static int make(int clock, int notify, int number)
{
	struct sigevent event = {.sigev_notify = notify, .sigev_signo = number};
	int timer = -1;

	event.sigev_value.sival_int = 77;
	event.sigev_notify_thread_id = (int)syscall(SYS_gettid);
	return create(clock, &event, &timer) == 0 ? timer : -1;
}

static long set_ms(int timer, long value, long interval)
{
	struct itimerspec setting = {
	        .it_value = {value / 1000, value % 1000 * MS},
	        .it_interval = {interval / 1000, interval % 1000 * MS},
	};

	return settime(timer, 0, &setting, NULL);
}

static sigset_t block(int number)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return set;
}

/* The next signal of a set within so many ms: what it says, but for who sent it. */
static void show_next(const sigset_t *set, long milliseconds)
{
	struct timespec wait = {milliseconds / 1000, milliseconds % 1000 * MS};
	siginfo_t info = {0};
	int number = sigtimedwait(set, &info, &wait);

	if (number < 0)
		SAY("no signal");
	else
		SAY("signal %d code %d value %d", number, info.si_code, info.si_value.sival_int);
}

CASE(timer_sends_its_signal)
{
	sigset_t set = block(SIGUSR1);
	int timer = make(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1);
	struct itimerspec left;

	SHOW(set_ms(timer, 50, 0));
	SHOW(gettime(timer, &left));
	SHOW(left.it_value.tv_nsec > 0 && left.it_value.tv_nsec <= 50 * MS);
	show_next(&set, 5000);
	SHOW(gettime(timer, &left));
	SHOW(left.it_value.tv_sec + left.it_value.tv_nsec);
	SHOW(overrun(timer));
	show_next(&set, 20);
	SHOW(delete (timer));
	SHOW(delete (timer));
}

CASE(timer_without_an_event_sends_sigalrm)
{
	sigset_t set = block(SIGALRM);
	struct timespec wait = {5, 0};
	siginfo_t info = {0};
	int timer = -1;

	SHOW(create(CLOCK_REALTIME, NULL, &timer));
	SHOW(set_ms(timer, 1, 0));
	SHOW(sigtimedwait(&set, &info, &wait));
	SHOW(info.si_code);
	SHOW(info.si_timerid == timer);
	SHOW(info.si_value.sival_int == timer);
	SHOW(info.si_overrun);
}

CASE(timer_counts_overruns)
{
	sigset_t set = block(SIGRTMIN);
	int timer = make(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGRTMIN);
	struct timespec wait = {5, 0};
	siginfo_t info = {0};

	SHOW(set_ms(timer, 10, 10));
	rest(205);
	SHOW(sigtimedwait(&set, &info, &wait) == SIGRTMIN);
	SHOW(info.si_overrun >= 15 && info.si_overrun <= 60);
	SHOW(overrun(timer) == info.si_overrun);
	SHOW(set_ms(timer, 0, 0));
	SHOW(overrun(timer));
	show_next(&set, 30);
}

CASE(timer_signals_of_one_number_queue)
{
	sigset_t set = block(SIGUSR2);
	int first = make(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR2);
	int second = make(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR2);

	kill(getpid(), SIGUSR2);
	SHOW(set_ms(first, 1, 0));
	SHOW(set_ms(second, 1, 0));
	rest(50);
	for (int i = 0; i < 4; i++) {
		struct timespec wait = {0, 0};
		siginfo_t info = {0};

		SHOW(sigtimedwait(&set, &info, &wait) == SIGUSR2);
		SHOW(info.si_code);
	}
}

CASE(timer_of_a_task)
{
	sigset_t set = block(SIGUSR1);
	int timer = make(CLOCK_MONOTONIC, SIGEV_SIGNAL | SIGEV_THREAD_ID, SIGUSR1);

	SHOW(timer >= 0);
	SHOW(set_ms(timer, 10, 0));
	show_next(&set, 5000);
}

CASE(timer_with_no_signal)
{
	int timer = make(CLOCK_MONOTONIC, SIGEV_NONE, 0);
	struct itimerspec left;

	SHOW(timer >= 0);
	SHOW(set_ms(timer, 60000, 1000));
	SHOW(gettime(timer, &left));
	SHOW(left.it_value.tv_sec);
	SHOW(left.it_interval.tv_sec);
	SHOW(set_ms(timer, 1, 0));
	rest(30);
	SHOW(gettime(timer, &left));
	SHOW(left.it_value.tv_sec + left.it_value.tv_nsec);
}

CASE(timer_at_a_time)
{
	static const int clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_TAI};
	sigset_t set = block(SIGUSR1);

	for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		int timer = make(clocks[i], SIGEV_SIGNAL, SIGUSR1);
		struct itimerspec setting = {0}, left;

		setting.it_value.tv_nsec = 1; /* long past */
		SHOW(settime(timer, TIMER_ABSTIME, &setting, NULL));
		show_next(&set, 1000);
		clock_gettime(clocks[i], &setting.it_value);
		setting.it_value.tv_sec += 50;
		SHOW(settime(timer, TIMER_ABSTIME, &setting, NULL));
		SHOW(gettime(timer, &left));
		SHOW(left.it_value.tv_sec >= 48 && left.it_value.tv_sec <= 50);
	}
}

CASE(timer_set_again)
{
	sigset_t set = block(SIGUSR1);
	int timer = make(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1);
	struct itimerspec far = {.it_value = {1000, 0}, .it_interval = {7, 5}}, off = {0}, old;

	SHOW(settime(timer, 0, &far, &old));
	SHOW(old.it_value.tv_sec + old.it_value.tv_nsec + old.it_interval.tv_sec);
	SHOW(settime(timer, 0, &off, &old));
	SHOW(old.it_value.tv_sec >= 990 && old.it_value.tv_sec < 1000);
	SHOW(old.it_interval.tv_sec);
	SHOW(old.it_interval.tv_nsec);
	SHOW(gettime(timer, &old));
	SHOW(old.it_value.tv_sec + old.it_value.tv_nsec);
	show_next(&set, 0);
}

CASE(timer_of_cpu_time)
{
	sigset_t set = block(SIGUSR1);
	int timer = make(CLOCK_PROCESS_CPUTIME_ID, SIGEV_SIGNAL, SIGUSR1);
	struct timespec used;

	SHOW(set_ms(timer, 40, 0));
	rest(60); /* which uses none */
	show_next(&set, 0);
	do
		clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
	while (used.tv_nsec < 60 * MS && used.tv_sec == 0);
	show_next(&set, 1000);
	timer = make(CLOCK_THREAD_CPUTIME_ID, SIGEV_SIGNAL, SIGUSR1);
	SHOW(set_ms(timer, 20, 0));
	for (long start = now_ms(); now_ms() - start < 2000;) {
		sigset_t pending;

		sigpending(&pending);
		if (sigismember(&pending, SIGUSR1))
			break;
	}
	show_next(&set, 0);
}

CASE(timers_are_not_inherited)
{
	int timer = make(CLOCK_MONOTONIC, SIGEV_NONE, 0);
	struct itimerspec left;

	SHOW(set_ms(timer, 60000, 0));
	fflush(stdout);
	if (fork() == 0) {
		SHOW(gettime(timer, &left));
		SHOW(delete (timer));
		fflush(stdout);
		_exit(0);
	}
	rest(100);
	SHOW(gettime(timer, &left));
}

CASE(timer_create_refuses)
{
	struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
	int timer;

	SHOW(create(-1, &event, &timer));
	SHOW(create(99, &event, &timer));
	SHOW(create(CLOCK_MONOTONIC_RAW, &event, &timer));
	SHOW(create(CLOCK_REALTIME_COARSE, &event, &timer));
	SHOW(create(CLOCK_MONOTONIC, (void *)8, &timer));
	SHOW(create(CLOCK_MONOTONIC, &event, (void *)8));
	event.sigev_signo = 65;
	SHOW(create(CLOCK_MONOTONIC, &event, &timer));
	event.sigev_signo = 0;
	SHOW(create(CLOCK_MONOTONIC, &event, &timer));
	event.sigev_signo = SIGUSR1;
	event.sigev_notify = 3;
	SHOW(create(CLOCK_MONOTONIC, &event, &timer));
	event.sigev_notify = SIGEV_SIGNAL | SIGEV_THREAD_ID;
	event.sigev_notify_thread_id = 1;
	SHOW(create(CLOCK_MONOTONIC, &event, &timer));
}

CASE(timer_calls_refuse)
{
	int timer = make(CLOCK_MONOTONIC, SIGEV_NONE, 0);
	struct itimerspec setting = {0};

	SHOW(settime(99, 0, &setting, NULL));
	SHOW(settime(timer, 0, NULL, NULL));
	SHOW(settime(timer, 0, (void *)8, NULL));
	SHOW(settime(timer, 0, &setting, (void *)8));
	SHOW(gettime(99, &setting));
	SHOW(gettime(timer, (void *)8));
	SHOW(overrun(99));
	SHOW(delete (99));
	setting.it_value.tv_nsec = 1000000000;
	SHOW(settime(timer, 0, &setting, NULL));
	setting.it_value = (struct timespec){-1, 0};
	SHOW(settime(timer, 0, &setting, NULL));
	setting.it_value = (struct timespec){0, 0};
	setting.it_interval.tv_nsec = -1;
	SHOW(settime(timer, 0, &setting, NULL));
}

CASE(timer_that_is_read_by_signalfd)
{
	sigset_t set = block(SIGRTMIN);
	int timer = make(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGRTMIN);
	int fd = signalfd(-1, &set, 0);
	struct signalfd_siginfo record;

	SHOW(set_ms(timer, 1, 0));
	SHOW(read(fd, &record, sizeof(record)));
	SHOW(record.ssi_code);
	SHOW(record.ssi_int);
	SHOW(record.ssi_overrun);
	SHOW(record.ssi_tid == (uint32_t)timer);
	SHOW(record.ssi_pid);
}

CASE(timer_whose_signal_is_ignored)
{
	int timer = make(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1);
	struct itimerspec left;

	signal(SIGUSR1, SIG_IGN);
	SHOW(set_ms(timer, 5, 0));
	rest(30);
	SHOW(gettime(timer, &left));
	SHOW(left.it_value.tv_sec + left.it_value.tv_nsec);
	SHOW(delete (timer));
}

CASE(timer_deleted_with_its_signal)
{
	sigset_t set = block(SIGUSR1);
	int timer = make(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1);

	SHOW(set_ms(timer, 1, 1));
	rest(30);
	SHOW(delete (timer));
	rest(20);
	show_next(&set, 0);
}
