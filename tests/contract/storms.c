/* SPDX-License-Identifier: MIT
 *
 * Several processes at the same things at once. What comes out in the end is the same however
 * they took turns.
 */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/wait.h>

#include "contract.h"

#define WRITERS 3
#define ROUNDS  150
#define FILES   5

static void wait_for_all(void)
{
	int status, failed = 0;

	while (wait(&status) > 0)
		failed += status != 0;
	SHOW(failed);
}

static void write_often(const int *fds, int which)
{
	for (int i = 0; i < ROUNDS; i++)
		if (eventfd_write(fds[(i + which) % FILES], 1))
			_exit(1);
	_exit(0);
}

/* Another descriptor comes and goes in the list, while others wait at it. */
static void change_often(int epoll, int fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = -1};

	for (int i = 0; i < ROUNDS; i++)
		if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) ||
		    epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &event) ||
		    epoll_ctl(epoll, EPOLL_CTL_DEL, fd, NULL))
			_exit(1);
	_exit(0);
}

CASE(storm_of_events)
{
	int epoll = epoll_create1(0), outer = epoll_create1(0), extra = eventfd(1, 0), fds[FILES];
	struct epoll_event event = {.events = EPOLLIN}, events[3];
	eventfd_t value;
	long total = 0;

	SHOW(epoll_ctl(outer, EPOLL_CTL_ADD, epoll, &event));
	for (int i = 0; i < FILES; i++) {
		fds[i] = eventfd(0, EFD_NONBLOCK);
		event = (struct epoll_event){.events = EPOLLIN | (i % 2 ? EPOLLET : 0),
		                             .data.fd = fds[i]};
		SHOW(epoll_ctl(epoll, EPOLL_CTL_ADD, fds[i], &event));
	}
	fflush(stdout);
	for (int i = 0; i < WRITERS; i++)
		if (fork() == 0)
			write_often(fds, i);
	if (fork() == 0)
		change_often(epoll, extra);
	while (total < WRITERS * ROUNDS) {
		int count = 0;

		if (epoll_wait(outer, &event, 1, 10000) == 1)
			count = epoll_wait(epoll, events, 3, 0);
		else
			break;
		for (int i = 0; i < count; i++)
			if (events[i].data.fd >= 0 && eventfd_read(events[i].data.fd, &value) == 0)
				total += (long)value;
	}
	SHOW(total);
	wait_for_all();
}

static void add_one_often(const char *name)
{
	struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET}, unlock = lock;
	int fd = open(name, O_RDWR), number;

	unlock.l_type = F_UNLCK;
	for (int i = 0; i < ROUNDS; i++) {
		if (fcntl(fd, F_SETLKW, &lock) ||
		    pread(fd, &number, sizeof(number), 0) != sizeof(number))
			_exit(1);
		number++;
		if (pwrite(fd, &number, sizeof(number), 0) != sizeof(number) ||
		    fcntl(fd, F_SETLK, &unlock))
			_exit(1);
	}
	_exit(0);
}

CASE(storm_of_locks)
{
	int number = 0, fd = make_file("file", "");

	SHOW(pwrite(fd, &number, sizeof(number), 0));
	fflush(stdout);
	for (int i = 0; i < WRITERS; i++)
		if (fork() == 0)
			add_one_often("file");
	wait_for_all();
	SHOW(pread(fd, &number, sizeof(number), 0));
	SHOW(number);
}

CASE(storm_through_pipes)
{
	static char block[3000];
	int first[2], second[2], out = make_file("out", "");
	long total = 0, count;

	SHOW(pipe(first));
	SHOW(pipe(second));
	fflush(stdout);
	for (int i = 0; i < WRITERS; i++)
		if (fork() == 0) {
			for (int j = 0; j < ROUNDS; j++)
				if (write(first[1], block, sizeof(block)) != sizeof(block))
					_exit(1);
			_exit(0);
		}
	if (fork() == 0) {
		close(first[1]);
		while ((count = splice(first[0], NULL, second[1], NULL, 7000, 0)) > 0)
			;
		_exit(count != 0);
	}
	close(first[1]);
	close(second[1]);
	while ((count = splice(second[0], NULL, out, NULL, 5000, 0)) > 0)
		total += count;
	SHOW(count);
	SHOW(total);
	SHOW(lseek(out, 0, SEEK_END));
	wait_for_all();
}
