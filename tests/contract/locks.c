/* SPDX-License-Identifier: MIT
 *
 * flock(2), and the record locks of fcntl(2).
 */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/wait.h>

#include "contract.h"

static int lock(int fd, int command, int type, off_t start, off_t length)
{
	struct flock one = {
	        .l_type = (short)type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};

	return fcntl(fd, command, &one);
}

static void show_lock(int fd, int command, int type, off_t start, off_t length)
{
	struct flock one = {
	        .l_type = (short)type, .l_whence = SEEK_SET, .l_start = start, .l_len = length};

	if (fcntl(fd, command, &one)) {
		SAY("lock: errno %d", errno);
		return;
	}
	SAY("lock: type %d whence %d at %ld for %ld of %s", one.l_type, one.l_whence,
	    (long)one.l_start, (long)one.l_len,
	    one.l_pid == -1  ? "an open file"
	    : one.l_pid == 0 ? "nobody"
	                     : "a process");
}

/* if (other_begins()) { ...; other_ends(); } is another process, which is waited for. */
static int other_begins(void)
{
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child > 0)
		waitpid(child, NULL, 0);
	return child == 0;
}

static void other_ends(void)
{
	fflush(stdout);
	_exit(0);
}

CASE(flock_of_open_files)
{
	int one = make_file("file", ""), copy = dup(one), two = open("file", O_RDONLY);

	SHOW(flock(one, LOCK_EX));
	SHOW(flock(copy, LOCK_EX | LOCK_NB));
	SHOW(flock(two, LOCK_EX | LOCK_NB));
	SHOW(flock(two, LOCK_SH | LOCK_NB));
	SHOW(flock(one, LOCK_SH));
	SHOW(flock(two, LOCK_SH | LOCK_NB));
	SHOW(flock(one, LOCK_EX | LOCK_NB));
	/* The shared lock was lost by that. */
	SHOW(flock(two, LOCK_EX | LOCK_NB));
	SHOW(close(two));
	SHOW(flock(one, LOCK_EX | LOCK_NB));
	SHOW(close(one));
	two = open("file", O_RDONLY);
	SHOW(flock(two, LOCK_SH | LOCK_NB));
	SHOW(flock(copy, LOCK_UN));
	SHOW(flock(two, LOCK_SH | LOCK_NB));
}

CASE(flock_refuses)
{
	int fd = make_file("file", ""), handle = open("file", O_PATH);

	SHOW(flock(fd, 0));
	SHOW(flock(fd, LOCK_SH | LOCK_EX));
	SHOW(flock(fd, LOCK_NB));
	SHOW(flock(99, LOCK_SH));
	SHOW(flock(handle, LOCK_SH));
	SHOW(flock(fd, LOCK_UN));
	SHOW(flock(open(".", O_RDONLY), LOCK_EX));
}

CASE(flock_waits)
{
	int one = make_file("file", ""), two;

	SHOW(flock(one, LOCK_EX));
	fflush(stdout);
	if (fork() == 0) {
		rest(30);
		flock(one, LOCK_UN);
		_exit(0);
	}
	two = open("file", O_RDONLY);
	SHOW(flock(two, LOCK_EX));
	SHOW(flock(one, LOCK_SH | LOCK_NB));
}

CASE(flock_is_interrupted)
{
	int one = make_file("file", ""), two = open("file", O_RDONLY);

	SHOW(flock(one, LOCK_EX));
	catch_signal(SIGUSR1, 0);
	signal_later(SIGUSR1, 100);
	SHOW(flock(two, LOCK_EX));
	SHOW(signals_caught);
}

CASE(flock_is_apart_from_records)
{
	int one = make_file("file", ""), two = open("file", O_RDWR);

	SHOW(flock(one, LOCK_EX));
	SHOW(lock(two, F_OFD_SETLK, F_WRLCK, 0, 0));
	if (other_begins()) {
		SHOW(lock(two, F_SETLK, F_RDLCK, 0, 0));
		other_ends();
	}
}

CASE(record_ranges)
{
	int fd = make_file("file", "");

	SHOW(lock(fd, F_SETLK, F_WRLCK, 10, 20));
	SHOW(lock(fd, F_SETLK, F_RDLCK, 15, 5));
	SHOW(lock(fd, F_SETLK, F_RDLCK, 100, 10));
	SHOW(lock(fd, F_SETLK, F_RDLCK, 110, 10));
	SHOW(lock(fd, F_SETLK, F_WRLCK, 1000, 0));
	if (other_begins()) {
		show_lock(fd, F_GETLK, F_WRLCK, 0, 10);
		show_lock(fd, F_GETLK, F_WRLCK, 0, 11);
		show_lock(fd, F_GETLK, F_WRLCK, 15, 1);
		show_lock(fd, F_GETLK, F_RDLCK, 15, 5);
		show_lock(fd, F_GETLK, F_RDLCK, 15, 6);
		show_lock(fd, F_GETLK, F_WRLCK, 119, 1);
		show_lock(fd, F_GETLK, F_RDLCK, 5000, 1);
		SHOW(lock(fd, F_SETLK, F_RDLCK, 29, 1));
		SHOW(lock(fd, F_SETLK, F_RDLCK, 30, 70));
		SHOW(lock(fd, F_SETLK, F_WRLCK, 99, 2));
		other_ends();
	}
	SHOW(lock(fd, F_SETLK, F_UNLCK, 0, 0));
	if (other_begins()) {
		show_lock(fd, F_GETLK, F_WRLCK, 0, 0);
		other_ends();
	}
}

CASE(record_own_locks_do_not_conflict)
{
	int fd = make_file("file", ""), other = open("file", O_RDWR);

	SHOW(lock(fd, F_SETLK, F_WRLCK, 0, 100));
	SHOW(lock(other, F_SETLK, F_WRLCK, 50, 100));
	show_lock(other, F_GETLK, F_WRLCK, 0, 0);
	/* Closing any descriptor of the file gives up all. */
	SHOW(close(other));
	if (other_begins()) {
		show_lock(fd, F_GETLK, F_WRLCK, 0, 0);
		other_ends();
	}
}

CASE(record_gone_with_the_process)
{
	int fd = make_file("file", "");

	if (other_begins()) {
		SHOW(lock(fd, F_SETLK, F_WRLCK, 0, 100));
		other_ends();
	}
	show_lock(fd, F_GETLK, F_WRLCK, 0, 0);
}

CASE(record_whence_and_lengths)
{
	int fd = make_file("file", "0123456789");
	struct flock one = {.l_type = F_WRLCK, .l_whence = SEEK_END, .l_start = -4, .l_len = 2};

	SHOW(fcntl(fd, F_SETLK, &one));
	SHOW(lseek(fd, 5, SEEK_SET));
	one = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_CUR, .l_start = -2, .l_len = -3};
	SHOW(fcntl(fd, F_SETLK, &one));
	if (other_begins()) {
		show_lock(fd, F_GETLK, F_WRLCK, 0, 0);
		show_lock(fd, F_GETLK, F_WRLCK, 3, 0);
		other_ends();
	}
	one = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = -1, .l_len = 1};
	SHOW(fcntl(fd, F_SETLK, &one));
	one = (struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 2, .l_len = -3};
	SHOW(fcntl(fd, F_SETLK, &one));
	one = (struct flock){
	        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = INT64_MAX, .l_len = 2};
	SHOW(fcntl(fd, F_SETLK, &one));
	one = (struct flock){
	        .l_type = F_WRLCK, .l_whence = SEEK_CUR, .l_start = INT64_MAX, .l_len = 0};
	SHOW(fcntl(fd, F_SETLK, &one));
}

CASE(record_refuses)
{
	int fd = make_file("file", ""), read_only = open("file", O_RDONLY);
	int write_only = open("file", O_WRONLY), handle = open("file", O_PATH);
	struct flock one = {.l_type = F_WRLCK, .l_whence = 9};

	SHOW(lock(read_only, F_SETLK, F_WRLCK, 0, 1));
	SHOW(lock(write_only, F_SETLK, F_RDLCK, 0, 1));
	SHOW(lock(handle, F_SETLK, F_UNLCK, 0, 1));
	SHOW(lock(99, F_SETLK, F_UNLCK, 0, 1));
	SHOW(lock(fd, F_SETLK, 7, 0, 1));
	SHOW(lock(fd, F_GETLK, F_UNLCK, 0, 1));
	SHOW(fcntl(fd, F_SETLK, &one));
	SHOW(fcntl(fd, F_SETLK, (void *)8));
	one = (struct flock){.l_type = F_WRLCK, .l_pid = 1};
	SHOW(fcntl(fd, F_OFD_SETLK, &one));
	show_lock(read_only, F_GETLK, F_WRLCK, 0, 1);
}

CASE(record_of_open_files)
{
	int one = make_file("file", ""), two = open("file", O_RDWR), copy = dup(one);

	SHOW(lock(one, F_OFD_SETLK, F_WRLCK, 0, 10));
	SHOW(lock(copy, F_OFD_SETLK, F_WRLCK, 5, 10));
	SHOW(lock(two, F_OFD_SETLK, F_RDLCK, 14, 1));
	SHOW(lock(two, F_OFD_SETLK, F_RDLCK, 15, 1));
	show_lock(two, F_OFD_GETLK, F_WRLCK, 0, 0);
	/* They conflict with the process' own, too. */
	SHOW(lock(two, F_SETLK, F_WRLCK, 0, 1));
	show_lock(two, F_GETLK, F_WRLCK, 0, 1);
	SHOW(close(one));
	SHOW(lock(two, F_OFD_SETLK, F_RDLCK, 0, 1));
	SHOW(close(copy));
	SHOW(lock(two, F_OFD_SETLK, F_RDLCK, 0, 1));
}

CASE(record_waits)
{
	int fd = make_file("file", ""), ends[2];
	char byte;

	SHOW(pipe(ends));
	fflush(stdout);
	if (fork() == 0) {
		lock(fd, F_SETLK, F_WRLCK, 0, 10);
		if (write(ends[1], "x", 1) != 1)
			_exit(1);
		rest(150);
		_exit(0);
	}
	SHOW(read(ends[0], &byte, 1));
	SHOW(lock(fd, F_SETLK, F_RDLCK, 9, 10));
	SHOW(lock(fd, F_SETLKW, F_RDLCK, 9, 10));
}

CASE(record_deadlock)
{
	int fd = make_file("file", ""), ends[2];
	char byte;

	SHOW(pipe(ends));
	SHOW(lock(fd, F_SETLK, F_WRLCK, 0, 1));
	fflush(stdout);
	if (fork() == 0) {
		lock(fd, F_SETLK, F_WRLCK, 1, 1);
		if (write(ends[1], "x", 1) != 1)
			_exit(1);
		/* Waits for the parent; who comes second is told. */
		_exit(lock(fd, F_SETLKW, F_WRLCK, 0, 1) != 0);
	}
	SHOW(read(ends[0], &byte, 1));
	rest(200);
	SHOW(lock(fd, F_SETLKW, F_WRLCK, 1, 1));
}

CASE(pipe_sizes)
{
	int ends[2], file = make_file("file", "");

	SHOW(pipe(ends));
	SHOW(fcntl(ends[0], F_GETPIPE_SZ));
	SHOW(fcntl(ends[1], F_SETPIPE_SZ, 65536));
	SHOW(fcntl(ends[1], F_SETPIPE_SZ, 0x80000001));
	SHOW(fcntl(ends[1], F_SETPIPE_SZ, 1 << 30));
	SHOW(fcntl(file, F_GETPIPE_SZ));
	SHOW(fcntl(99, F_GETPIPE_SZ));
	SHOW(fcntl(file, F_SETPIPE_SZ, 4096));
}

CASE(pipes_of_other_sizes)
{
	static char bytes[8192];
	int ends[2];

	SHOW(pipe2(ends, O_NONBLOCK));
	SHOW(fcntl(ends[0], F_SETPIPE_SZ, 5000));
	SHOW(fcntl(ends[1], F_GETPIPE_SZ));
	SHOW(fcntl(ends[1], F_SETPIPE_SZ, 0));
	SHOW(write(ends[1], bytes, sizeof(bytes)));
	SHOW(write(ends[1], bytes, 1));
	SHOW(poll_now(ends[1], POLLOUT));
	SHOW(fcntl(ends[1], F_SETPIPE_SZ, 8192));
	SHOW(poll_now(ends[1], POLLOUT) == POLLOUT);
	SHOW(write(ends[1], bytes, sizeof(bytes)));
	SHOW(fcntl(ends[1], F_SETPIPE_SZ, 4096));
	SHOW(read(ends[0], bytes, 4096));
	SHOW(fcntl(ends[1], F_SETPIPE_SZ, 4096));
	SHOW(write(ends[1], bytes, 1));
	SHOW(read(ends[0], bytes, sizeof(bytes)));
	SHOW(fcntl(ends[1], F_SETPIPE_SZ, 65536));
	SHOW(write(ends[1], bytes, sizeof(bytes)));
}

CASE(a_pipe_that_grows_lets_its_writer_go_on)
{
	static char bytes[8192];
	int ends[2], status;

	SHOW(pipe(ends));
	SHOW(fcntl(ends[1], F_SETPIPE_SZ, 4096));
	fflush(stdout);
	if (fork() == 0)
		_exit(write(ends[1], bytes, sizeof(bytes)) == sizeof(bytes) ? 3 : 1);
	rest(50);
	SHOW(fcntl(ends[0], F_SETPIPE_SZ, 16384));
	wait(&status);
	SHOW(WEXITSTATUS(status));
}
