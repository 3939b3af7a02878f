/* SPDX-License-Identifier: MIT
 *
 * epoll(7).
 */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>

#include "contract.h"

static int control(int epoll, int operation, int fd, uint32_t events)
{
	struct epoll_event event = {.events = events, .data.u64 = 100 + (uint64_t)fd};

	return epoll_ctl(epoll, operation, fd, &event);
}

/* What is ready now, or within so many milliseconds. */
static void show_ready(int epoll, int most, int timeout)
{
	struct epoll_event events[8];
	int count = epoll_wait(epoll, events, most, timeout);

	printf("ready %d:", count);
	for (int i = 0; i < count; i++)
		printf(" %x of %lu", events[i].events, (unsigned long)events[i].data.u64);
	putchar('\n');
}

static void put(int fd, const char *text)
{
	if (write(fd, text, strlen(text)) < 0)
		SAY("write failed");
}

static void take(int fd, size_t size)
{
	char text[64];

	if (read(fd, text, size) < 0)
		SAY("read failed");
}

CASE(epoll_level_triggered)
{
	int epoll = epoll_create1(0), ends[2];

	SHOW(pipe(ends));
	SHOW(control(epoll, EPOLL_CTL_ADD, ends[0], EPOLLIN));
	show_ready(epoll, 8, 0);
	put(ends[1], "ab");
	show_ready(epoll, 8, 0);
	take(ends[0], 1);
	show_ready(epoll, 8, 0);
	take(ends[0], 1);
	show_ready(epoll, 8, 0);
	SHOW(close(ends[1]));
	show_ready(epoll, 8, 0);
	show_ready(epoll, 8, 0);
}

CASE(epoll_edge_triggered)
{
	int epoll = epoll_create1(0), ends[2];

	SHOW(pipe(ends));
	put(ends[1], "a");
	SHOW(control(epoll, EPOLL_CTL_ADD, ends[0], EPOLLIN | EPOLLET));
	show_ready(epoll, 8, 0);
	show_ready(epoll, 8, 0);
	put(ends[1], "b");
	show_ready(epoll, 8, 0);
	show_ready(epoll, 8, 0);
	take(ends[0], 2);
	show_ready(epoll, 8, 0);
	put(ends[1], "c");
	take(ends[0], 1);
	show_ready(epoll, 8, 0);
	SHOW(close(ends[1]));
	show_ready(epoll, 8, 0);
	show_ready(epoll, 8, 0);
}

CASE(epoll_edge_of_a_full_pipe)
{
	int epoll = epoll_create1(0), ends[2];
	static char block[4096];

	SHOW(pipe2(ends, O_NONBLOCK));
	SHOW(control(epoll, EPOLL_CTL_ADD, ends[1], EPOLLOUT | EPOLLET));
	show_ready(epoll, 8, 0);
	while (write(ends[1], block, sizeof(block)) == sizeof(block))
		;
	show_ready(epoll, 8, 0);
	SHOW(read(ends[0], block, sizeof(block)));
	show_ready(epoll, 8, 0);
	SHOW(read(ends[0], block, sizeof(block)));
	show_ready(epoll, 8, 0);
}

CASE(epoll_modify_looks_anew)
{
	int epoll = epoll_create1(0), ends[2];

	SHOW(pipe(ends));
	put(ends[1], "a");
	SHOW(control(epoll, EPOLL_CTL_ADD, ends[0], EPOLLIN | EPOLLET));
	show_ready(epoll, 8, 0);
	SHOW(control(epoll, EPOLL_CTL_MOD, ends[0], EPOLLIN | EPOLLET));
	show_ready(epoll, 8, 0);
	SHOW(control(epoll, EPOLL_CTL_MOD, ends[0], EPOLLPRI));
	show_ready(epoll, 8, 0);
	SHOW(control(epoll, EPOLL_CTL_MOD, ends[0], EPOLLIN));
	show_ready(epoll, 8, 0);
}

CASE(epoll_one_shot)
{
	int epoll = epoll_create1(0), ends[2];

	SHOW(pipe(ends));
	SHOW(control(epoll, EPOLL_CTL_ADD, ends[0], EPOLLIN | EPOLLONESHOT));
	put(ends[1], "a");
	show_ready(epoll, 8, 0);
	put(ends[1], "b");
	show_ready(epoll, 8, 0);
	SHOW(control(epoll, EPOLL_CTL_ADD, ends[0], EPOLLIN));
	SHOW(control(epoll, EPOLL_CTL_MOD, ends[0], EPOLLIN | EPOLLONESHOT));
	show_ready(epoll, 8, 0);
	SHOW(close(ends[1]));
	show_ready(epoll, 8, 0);
}

CASE(epoll_takes_turns)
{
	int epoll = epoll_create1(0), fds[3];

	for (int i = 0; i < 3; i++) {
		fds[i] = eventfd(1, 0);
		SHOW(control(epoll, EPOLL_CTL_ADD, fds[i], EPOLLIN));
	}
	for (int i = 0; i < 4; i++)
		show_ready(epoll, 2, 0);
}

CASE(epoll_closed_descriptor)
{
	int epoll = epoll_create1(0), fd = eventfd(1, 0), copy = dup(fd);

	SHOW(control(epoll, EPOLL_CTL_ADD, fd, EPOLLIN));
	SHOW(control(epoll, EPOLL_CTL_ADD, copy, EPOLLIN));
	show_ready(epoll, 8, 0);
	/* The open file lives on behind the copy, and both watches with it. */
	SHOW(close(fd));
	show_ready(epoll, 8, 0);
	SHOW(control(epoll, EPOLL_CTL_DEL, fd, 0));
	SHOW(close(copy));
	show_ready(epoll, 8, 0);
	fd = eventfd(1, 0);
	SHOW(fd);
	SHOW(control(epoll, EPOLL_CTL_MOD, fd, EPOLLIN));
	SHOW(control(epoll, EPOLL_CTL_ADD, fd, EPOLLIN));
}

CASE(epoll_delete)
{
	int epoll = epoll_create1(0), fd = eventfd(1, 0);

	SHOW(control(epoll, EPOLL_CTL_ADD, fd, EPOLLIN));
	SHOW(epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL));
	show_ready(epoll, 8, 0);
	SHOW(epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL));
}

CASE(epoll_control_refuses)
{
	int epoll = epoll_create1(0), fd = eventfd(0, 0), file = make_file("file", "text");
	int directory = open(".", O_RDONLY | O_DIRECTORY), null = open("/dev/null", O_RDWR);
	struct epoll_event event = {.events = EPOLLIN};

	SHOW(epoll_ctl(99, EPOLL_CTL_ADD, fd, &event));
	SHOW(epoll_ctl(epoll, EPOLL_CTL_ADD, 99, &event));
	SHOW(epoll_ctl(epoll, EPOLL_CTL_ADD, file, &event));
	SHOW(epoll_ctl(epoll, EPOLL_CTL_ADD, directory, &event));
	SHOW(epoll_ctl(epoll, EPOLL_CTL_ADD, null, &event));
	SHOW(epoll_ctl(epoll, EPOLL_CTL_ADD, epoll, &event));
	SHOW(epoll_ctl(fd, EPOLL_CTL_ADD, epoll, &event));
	SHOW(epoll_ctl(epoll, 4, fd, &event));
	SHOW(epoll_ctl(epoll, 0, fd, &event));
	SHOW(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, NULL));
	SHOW(epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event));
	SHOW(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
	SHOW(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));
}

CASE(epoll_exclusive)
{
	int epoll = epoll_create1(0), inner = epoll_create1(0), fd = eventfd(1, 0);

	SHOW(control(epoll, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLEXCLUSIVE | EPOLLONESHOT));
	SHOW(control(epoll, EPOLL_CTL_ADD, fd, EPOLLPRI | EPOLLEXCLUSIVE));
	SHOW(control(epoll, EPOLL_CTL_ADD, inner, EPOLLIN | EPOLLEXCLUSIVE));
	SHOW(control(epoll, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLET | EPOLLEXCLUSIVE));
	SHOW(control(epoll, EPOLL_CTL_MOD, fd, EPOLLIN));
	SHOW(control(epoll, EPOLL_CTL_MOD, fd, EPOLLIN | EPOLLEXCLUSIVE));
	show_ready(epoll, 8, 0);
}

CASE(epoll_wait_refuses)
{
	int epoll = epoll_create1(0), fd = eventfd(0, 0);
	struct epoll_event event;
	struct timespec wrong = {0, 1000000000};

	SHOW(epoll_wait(epoll, &event, 0, 0));
	SHOW(epoll_wait(epoll, &event, -1, 0));
	SHOW(epoll_wait(epoll, &event, 0x7fffffff, 0));
	SHOW(epoll_wait(99, &event, 1, 0));
	SHOW(epoll_wait(fd, &event, 1, 0));
	SHOW(syscall(SYS_epoll_pwait2, epoll, &event, 1, &wrong, NULL, 0));
	SHOW(syscall(SYS_epoll_pwait, epoll, &event, 1, 0, &event, 4));
	SHOW(control(epoll, EPOLL_CTL_ADD, fd, EPOLLOUT | EPOLLET));
	/* The event is not lost by it. */
	SHOW(epoll_wait(epoll, (void *)8, 1, 0));
	SHOW(epoll_wait(epoll, &event, 1, 0));
	SHOW(epoll_wait(epoll, &event, 1, 0));
}

CASE(epoll_create_refuses)
{
	char byte;

	SHOW(syscall(SYS_epoll_create, 0));
	SHOW(syscall(SYS_epoll_create, -1));
	SHOW(epoll_create1(1));
	SHOW(syscall(SYS_epoll_create, 1));
	SHOW(epoll_create1(EPOLL_CLOEXEC));
	SHOW(fcntl(3, F_GETFD));
	SHOW(fcntl(4, F_GETFD));
	SHOW(read(3, &byte, 1));
	SHOW(write(3, &byte, 1));
}

CASE(epoll_nested)
{
	int inner = epoll_create1(0), outer = epoll_create1(0), fd = eventfd(0, EFD_NONBLOCK);

	SHOW(control(outer, EPOLL_CTL_ADD, inner, EPOLLIN));
	SHOW(control(inner, EPOLL_CTL_ADD, fd, EPOLLIN));
	show_ready(outer, 8, 0);
	SHOW(eventfd_write(fd, 1));
	show_ready(outer, 8, 0);
	SHOW(poll_now(outer, POLLIN | POLLOUT));
	show_ready(inner, 8, 0);
	take(fd, 8);
	SHOW(poll_now(inner, POLLIN));
	show_ready(outer, 8, 0);
	SHOW(eventfd_write(fd, 1));
	SHOW(poll_now(outer, POLLIN));
	SHOW(close(fd));
	SHOW(poll_now(outer, POLLIN));
	SHOW(close(inner));
	show_ready(outer, 8, 0);
}

CASE(epoll_nested_edge)
{
	int inner = epoll_create1(0), outer = epoll_create1(0), fd = eventfd(0, EFD_NONBLOCK);

	SHOW(control(outer, EPOLL_CTL_ADD, inner, EPOLLIN | EPOLLET));
	SHOW(control(inner, EPOLL_CTL_ADD, fd, EPOLLIN | EPOLLET));
	SHOW(eventfd_write(fd, 1));
	show_ready(outer, 8, 0);
	show_ready(outer, 8, 0);
	show_ready(inner, 8, 0);
	SHOW(eventfd_write(fd, 1));
	show_ready(outer, 8, 0);
	show_ready(inner, 8, 0);
	show_ready(inner, 8, 0);
}

CASE(epoll_loops_and_depth)
{
	int fds[7];

	for (int i = 0; i < 7; i++)
		fds[i] = epoll_create1(0);
	SHOW(control(fds[1], EPOLL_CTL_ADD, fds[0], EPOLLIN));
	SHOW(control(fds[0], EPOLL_CTL_ADD, fds[1], EPOLLIN));
	for (int i = 2; i < 7; i++)
		SHOW(control(fds[i], EPOLL_CTL_ADD, fds[i - 1], EPOLLIN));
	SHOW(control(fds[0], EPOLL_CTL_ADD, fds[4], EPOLLIN));
}

CASE(epoll_waits_for_a_writer)
{
	int epoll = epoll_create1(0), ends[2];

	SHOW(pipe(ends));
	SHOW(control(epoll, EPOLL_CTL_ADD, ends[0], EPOLLIN));
	fflush(stdout);
	if (fork() == 0) {
		rest(20);
		put(ends[1], "x");
		_exit(0);
	}
	show_ready(epoll, 8, 5000);
}

CASE(epoll_times_out)
{
	int epoll = epoll_create1(0);
	struct timespec time = {0, 20000000};
	struct epoll_event event;
	long start = now_ms();

	show_ready(epoll, 8, 20);
	SHOW(now_ms() - start >= 19);
	start = now_ms();
	SHOW(syscall(SYS_epoll_pwait2, epoll, &event, 1, &time, NULL, 0));
	SHOW(now_ms() - start >= 19);
}

CASE(epoll_wait_is_interrupted)
{
	int epoll = epoll_create1(0);
	struct epoll_event event;

	catch_signal(SIGUSR1, SA_RESTART);
	signal_later(SIGUSR1, 100);
	SHOW(epoll_wait(epoll, &event, 1, 5000));
	SHOW(signals_caught);
}

CASE(epoll_pwait_unblocks)
{
	int epoll = epoll_create1(0);
	struct epoll_event event;
	sigset_t none, usr1, after;

	catch_signal(SIGUSR1, 0);
	sigemptyset(&none);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, NULL);
	kill(getpid(), SIGUSR1);
	SHOW(epoll_wait(epoll, &event, 1, 10));
	SHOW(signals_caught);
	SHOW(epoll_pwait(epoll, &event, 1, 5000, &none));
	SHOW(signals_caught);
	sigprocmask(SIG_BLOCK, NULL, &after);
	SHOW(sigismember(&after, SIGUSR1));
}

CASE(epoll_shared_by_fork)
{
	int epoll = epoll_create1(0), ends[2];

	SHOW(pipe(ends));
	fflush(stdout);
	if (fork() == 0) {
		rest(20);
		control(epoll, EPOLL_CTL_ADD, ends[1], EPOLLOUT);
		_exit(0);
	}
	show_ready(epoll, 8, 5000);
}

CASE(epoll_is_polled_while_it_gets_ready)
{
	int epoll = epoll_create1(0), outer = epoll_create1(0), ends[2];
	struct pollfd polled = {.fd = outer, .events = POLLIN};

	SHOW(pipe(ends));
	SHOW(control(epoll, EPOLL_CTL_ADD, ends[0], EPOLLIN));
	SHOW(control(outer, EPOLL_CTL_ADD, epoll, EPOLLIN));
	fflush(stdout);
	if (fork() == 0) {
		rest(50);
		put(ends[1], "x");
		_exit(0);
	}
	SHOW(poll(&polled, 1, 5000));
	SHOW(polled.revents);
}
