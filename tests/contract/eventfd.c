/* SPDX-License-Identifier: MIT
 *
 * eventfd(2).
 */
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/stat.h>

#include "contract.h"

static long read_count(int fd)
{
	uint64_t value = 0;

	return read(fd, &value, sizeof(value)) == sizeof(value) ? (long)value : -1;
}

static long write_count(int fd, uint64_t value)
{
	return write(fd, &value, sizeof(value));
}

CASE(eventfd_counts)
{
	int fd = eventfd(3, EFD_NONBLOCK);

	SHOW(fd);
	SHOW(write_count(fd, 4));
	SHOW(read_count(fd));
	SHOW(read_count(fd));
	SHOW(write_count(fd, 0));
	SHOW(read_count(fd));
}

CASE(eventfd_semaphore)
{
	int fd = eventfd(2, EFD_NONBLOCK | EFD_SEMAPHORE);

	SHOW(read_count(fd));
	SHOW(read_count(fd));
	SHOW(read_count(fd));
}

CASE(eventfd_is_full)
{
	int fd = eventfd(0, EFD_NONBLOCK);

	SHOW(write_count(fd, UINT64_MAX));
	SHOW(write_count(fd, UINT64_MAX - 1));
	SHOW(poll_now(fd, POLLIN | POLLOUT));
	SHOW(write_count(fd, 1));
	SHOW(write_count(fd, 0));
	SHOW(read_count(fd) == (long)(UINT64_MAX - 1));
	SHOW(poll_now(fd, POLLIN | POLLOUT));
}

CASE(eventfd_refuses)
{
	int fd = eventfd(1, 0);
	char small[7];

	SHOW(syscall(SYS_eventfd2, 0, 2));
	SHOW(syscall(SYS_eventfd2, 0, 0x80000000));
	SHOW(read(fd, small, sizeof(small)));
	SHOW(write(fd, small, sizeof(small)));
	SHOW(read(fd, (void *)8, 8));
	SHOW(write(fd, (void *)8, 8));
	SHOW(ftruncate(fd, 0));
	SHOW(fsync(fd));
	SHOW(syscall(SYS_getdents64, fd, small, sizeof(small)));
}

CASE(eventfd_flags)
{
	int plain = syscall(SYS_eventfd, 5), fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	struct stat status;

	SHOW(read_count(plain));
	SHOW(fcntl(plain, F_GETFD));
	SHOW(fcntl(fd, F_GETFD));
	SHOW(fcntl(plain, F_GETFL) & (O_ACCMODE | O_NONBLOCK));
	SHOW(fcntl(fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK));
	SHOW(fcntl(fd, F_SETFL, 0));
	SHOW(fcntl(fd, F_GETFL) & (O_ACCMODE | O_NONBLOCK));
	SHOW(fstat(fd, &status));
	SHOW(status.st_mode);
	SHOW(status.st_size);
	SHOW(status.st_nlink);
}

CASE(eventfd_wakes_a_reader)
{
	int fd = eventfd(0, 0);

	fflush(stdout);
	if (fork() == 0) {
		rest(20);
		write_count(fd, 9);
		_exit(0);
	}
	SHOW(read_count(fd));
}

CASE(eventfd_wakes_a_writer)
{
	int fd = eventfd(0, 0);

	write_count(fd, UINT64_MAX - 1);
	fflush(stdout);
	if (fork() == 0) {
		rest(20);
		read_count(fd);
		_exit(0);
	}
	SHOW(write_count(fd, 6));
	SHOW(read_count(fd));
}

CASE(eventfd_read_is_interrupted)
{
	int fd = eventfd(0, 0);

	catch_signal(SIGUSR1, 0);
	signal_later(SIGUSR1, 100);
	SHOW(read_count(fd));
	SHOW(signals_caught);
}
