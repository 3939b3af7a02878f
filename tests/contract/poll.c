/* SPDX-License-Identifier: MIT
 *
 * poll(2) and select(2).
 */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <time.h>

#include "contract.h"

CASE(poll_kinds_of_files)
{
	int file = make_file("file", ""), directory = open(".", O_RDONLY), ends[2];

	SHOW(pipe(ends));
	SHOW(poll_now(file, POLLIN | POLLOUT | POLLRDNORM | POLLWRNORM));
	SHOW(poll_now(directory, POLLIN | POLLOUT));
	SHOW(poll_now(ends[0], POLLIN | POLLOUT));
	SHOW(poll_now(ends[1], POLLIN | POLLOUT));
	SHOW(poll_now(99, POLLIN));
	SHOW(poll_now(-1, POLLIN));
	close(ends[1]);
	SHOW(poll_now(ends[0], 0));
}

CASE(poll_broken_pipe)
{
	int ends[2];

	SHOW(pipe(ends));
	close(ends[0]);
	SHOW(poll_now(ends[1], POLLOUT));
}

CASE(poll_several)
{
	int first = eventfd(0, 0), second = eventfd(0, 0);
	struct pollfd two[] = {{first, POLLIN, 0}, {second, POLLIN, 0}};

	fflush(stdout);
	if (fork() == 0) {
		rest(20);
		eventfd_write(second, 1);
		_exit(0);
	}
	SHOW(poll(two, 2, 5000));
	SHOW(two[0].revents);
	SHOW(two[1].revents);
}

CASE(poll_not_woken_by_others)
{
	int fd = eventfd(0, 0);
	struct pollfd one = {fd, POLLPRI, 0};
	long start = now_ms();

	fflush(stdout);
	if (fork() == 0) {
		eventfd_write(fd, 1);
		_exit(0);
	}
	SHOW(poll(&one, 1, 30));
	SHOW(now_ms() - start >= 29);
}

CASE(poll_writable_when_read)
{
	static char block[65536];
	struct pollfd one = {.events = POLLOUT};
	int ends[2];

	SHOW(pipe2(ends, O_NONBLOCK));
	SHOW(write(ends[1], block, sizeof(block)));
	SHOW(write(ends[1], block, 1));
	SHOW(poll_now(ends[1], POLLOUT));
	fflush(stdout);
	if (fork() == 0) {
		rest(20);
		_exit(read(ends[0], block, 4096) != 4096);
	}
	one.fd = ends[1];
	SHOW(poll(&one, 1, 5000));
	SHOW(one.revents);
}

CASE(poll_fifo_open_for_both)
{
	static char block[65536];
	struct pollfd one = {.events = POLLOUT};
	int fd, reader;

	SHOW(mkfifo("fifo", 0600));
	fd = open("fifo", O_RDWR | O_NONBLOCK);
	reader = open("fifo", O_RDONLY | O_NONBLOCK);
	SHOW(write(fd, block, sizeof(block)));
	SHOW(poll_now(fd, POLLIN | POLLOUT));
	fflush(stdout);
	if (fork() == 0) {
		rest(20);
		_exit(read(reader, block, 4096) != 4096);
	}
	one.fd = fd;
	SHOW(poll(&one, 1, 5000));
	SHOW(one.revents);
}

CASE(ppoll_unblocks)
{
	int fd = eventfd(0, 0);
	struct pollfd one = {fd, POLLIN, 0};
	struct timespec time = {5, 0};
	sigset_t none, usr1;

	catch_signal(SIGUSR1, SA_RESTART);
	sigemptyset(&none);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, NULL);
	kill(getpid(), SIGUSR1);
	SHOW(ppoll(&one, 1, &time, &none));
	SHOW(signals_caught);
}

CASE(select_sets)
{
	int full = eventfd(1, 0), empty = eventfd(0, 0);
	struct timeval time = {0, 0};
	fd_set in, out;

	FD_ZERO(&in);
	FD_ZERO(&out);
	FD_SET(full, &in);
	FD_SET(empty, &in);
	FD_SET(empty, &out);
	SHOW(select(empty + 1, &in, &out, NULL, &time));
	SHOW(!!FD_ISSET(full, &in));
	SHOW(!!FD_ISSET(empty, &in));
	SHOW(!!FD_ISSET(empty, &out));
	FD_SET(50, &in);
	SHOW(select(51, &in, NULL, NULL, &time));
	SHOW(select(-1, NULL, NULL, NULL, &time));
}
