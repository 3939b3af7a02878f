/* SPDX-License-Identifier: MIT
 *
 * timerfd_create(2).
 */
#include <poll.h>
#include <signal.h>
#include <sys/timerfd.h>
#include <time.h>

#include "contract.h"

#define MS 1000000L

static long expirations(int fd)
{
	uint64_t count = 0;

	return read(fd, &count, sizeof(count)) == sizeof(count) ? (long)count : -1;
}

static int set(int fd, int flags, long value_ms, long interval_ms)
{
	struct itimerspec setting = {
	        .it_value = {value_ms / 1000, value_ms % 1000 * MS},
	        .it_interval = {interval_ms / 1000, interval_ms % 1000 * MS},
	};

	return timerfd_settime(fd, flags, &setting, NULL);
}

CASE(timerfd_once)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	struct itimerspec left;
	long start = now_ms();

	SHOW(set(fd, 0, 100, 0));
	SHOW(poll_now(fd, POLLIN));
	SHOW(expirations(fd));
	SHOW(now_ms() - start >= 99);
	SHOW(timerfd_gettime(fd, &left));
	SHOW(left.it_value.tv_sec + left.it_value.tv_nsec);
	SHOW(fcntl(fd, F_SETFL, O_NONBLOCK));
	SHOW(expirations(fd));
}

CASE(timerfd_periodic)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	struct itimerspec left;
	long count;

	SHOW(fcntl(fd, F_GETFD));
	SHOW(set(fd, 0, 100, 10));
	SHOW(expirations(fd));
	rest(155);
	SHOW(poll_now(fd, POLLIN | POLLOUT));
	count = expirations(fd);
	SHOW(count >= 5);
	SHOW(expirations(fd) == -1 || count > 0);
	SHOW(timerfd_gettime(fd, &left));
	SHOW(left.it_interval.tv_nsec);
	SHOW(left.it_value.tv_nsec > 0 && left.it_value.tv_nsec <= 10 * MS);
}

CASE(timerfd_old_setting)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
	struct itimerspec off = {0}, far = {.it_value = {1000, 0}, .it_interval = {7, 5}}, old;

	SHOW(timerfd_settime(fd, 0, &far, &old));
	SHOW(old.it_value.tv_sec + old.it_value.tv_nsec + old.it_interval.tv_sec);
	SHOW(timerfd_settime(fd, 0, &off, &old));
	SHOW(old.it_value.tv_sec >= 990 && old.it_value.tv_sec < 1000);
	SHOW(old.it_interval.tv_sec);
	SHOW(old.it_interval.tv_nsec);
	SHOW(timerfd_gettime(fd, &old));
	SHOW(old.it_value.tv_sec + old.it_value.tv_nsec);
	SHOW(expirations(fd));
}

CASE(timerfd_absolute)
{
	static const int clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME};

	for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++) {
		int fd = timerfd_create(clocks[i], TFD_NONBLOCK);
		struct itimerspec setting = {0}, left;

		/* A time that is past. */
		setting.it_value.tv_nsec = 1;
		SHOW(timerfd_settime(fd, TFD_TIMER_ABSTIME, &setting, NULL));
		SHOW(poll_now(fd, POLLIN));
		SHOW(expirations(fd));
		clock_gettime(clocks[i], &setting.it_value);
		setting.it_value.tv_sec += 50;
		SHOW(timerfd_settime(fd, TFD_TIMER_ABSTIME, &setting, NULL));
		SHOW(timerfd_gettime(fd, &left));
		SHOW(left.it_value.tv_sec >= 48 && left.it_value.tv_sec <= 50);
		SHOW(expirations(fd));
	}
}

CASE(timerfd_set_again_forgets)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);

	SHOW(set(fd, 0, 1, 0));
	rest(20);
	SHOW(poll_now(fd, POLLIN));
	SHOW(set(fd, 0, 50000, 0));
	SHOW(poll_now(fd, POLLIN));
	SHOW(expirations(fd));
}

CASE(timerfd_refuses)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, 0), other = make_file("file", "");
	struct itimerspec setting = {0};
	char small[7];

	SHOW(timerfd_create(CLOCK_PROCESS_CPUTIME_ID, 0));
	SHOW(timerfd_create(-1, 0));
	SHOW(timerfd_create(CLOCK_MONOTONIC, 1));
	SHOW(timerfd_create(CLOCK_BOOTTIME_ALARM, 0));
	SHOW(timerfd_settime(fd, 4, &setting, NULL));
	SHOW(timerfd_settime(fd, 0, (void *)8, NULL));
	SHOW(timerfd_settime(fd, 0, &setting, (void *)8));
	SHOW(timerfd_settime(99, 0, &setting, NULL));
	SHOW(timerfd_settime(other, 0, &setting, NULL));
	SHOW(timerfd_gettime(other, &setting));
	SHOW(timerfd_gettime(99, &setting));
	SHOW(timerfd_gettime(fd, (void *)8));
	setting.it_value.tv_nsec = 1000000000;
	SHOW(timerfd_settime(fd, 0, &setting, NULL));
	setting.it_value = (struct timespec){-1, 0};
	SHOW(timerfd_settime(fd, 0, &setting, NULL));
	SHOW(read(fd, small, sizeof(small)));
	SHOW(write(fd, &setting, 8));
}

CASE(timerfd_read_is_interrupted)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);

	catch_signal(SIGUSR1, 0);
	signal_later(SIGUSR1, 100);
	SHOW(expirations(fd));
}

CASE(timerfd_read_restarts)
{
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);

	catch_signal(SIGUSR1, SA_RESTART);
	set(fd, 0, 250, 0);
	signal_later(SIGUSR1, 100);
	SHOW(expirations(fd));
	SHOW(signals_caught);
}
