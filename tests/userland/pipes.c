/* SPDX-License-Identifier: MIT
 *
 * Pipes: order, capacity, ends, poll(2), and a long stream between two processes.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>

#include "expect.h"

static void test_capacity(void)
{
	char block[4096] = {0};
	int ends[2], total = 0;
	ssize_t done;

	EXPECT(pipe2(ends, O_NONBLOCK) == 0);
	EXPECT_ERROR(EAGAIN, read(ends[0], block, 1));
	while ((done = write(ends[1], block, sizeof(block))) > 0)
		total += (int)done;
	EXPECT(done == -1 && errno == EAGAIN && total == 65536);
	EXPECT(read(ends[0], block, sizeof(block)) == sizeof(block));
	EXPECT(write(ends[1], block, sizeof(block)) == sizeof(block));
	EXPECT_ERROR(ESPIPE, lseek(ends[0], 0, SEEK_SET));
	close(ends[0]);
	close(ends[1]);
}

static void test_poll(void)
{
	int ends[2];
	struct pollfd watch[2];

	EXPECT(pipe(ends) == 0);
	watch[0] = (struct pollfd){.fd = ends[0], .events = POLLIN};
	watch[1] = (struct pollfd){.fd = ends[1], .events = POLLOUT};
	EXPECT(poll(watch, 2, 1000) == 1 && watch[0].revents == 0 && watch[1].revents == POLLOUT);
	EXPECT(poll(watch, 1, 20) == 0);
	EXPECT(write(ends[1], "x", 1) == 1);
	EXPECT(poll(watch, 1, 1000) == 1 && watch[0].revents == POLLIN);
	close(ends[1]);
	EXPECT(poll(watch, 1, 1000) == 1 && watch[0].revents == (POLLIN | POLLHUP));
	watch[0].fd = 77;
	EXPECT(poll(watch, 1, 0) == 1 && watch[0].revents == POLLNVAL);
	close(ends[0]);
}

static void test_stream(void)
{
	static unsigned char block[10007];
	int ends[2], status;
	unsigned int at = 0, wrong = 0;
	ssize_t got;
	pid_t child;

	EXPECT(pipe(ends) == 0);
	child = fork();
	if (child == 0) {
		close(ends[0]);
		for (int i = 0; i < 100; i++) {
			for (size_t b = 0; b < sizeof(block); b++)
				block[b] = (unsigned char)(at++ % 251);
			if (write(ends[1], block, sizeof(block)) != sizeof(block))
				_exit(1);
		}
		_exit(0);
	}
	close(ends[1]);
	while ((got = read(ends[0], block, 7001)) > 0)
		for (ssize_t b = 0; b < got; b++)
			wrong += block[b] != at++ % 251;
	EXPECT(got == 0 && wrong == 0 && at == 100 * sizeof(block));
	EXPECT(waitpid(child, &status, 0) == child && status == 0);
	close(ends[0]);
}

/* Writes of up to PIPE_BUF bytes are never mixed. */
static void test_atomic_writes(void)
{
	char line[512];
	int ends[2];

	EXPECT(pipe(ends) == 0);
	for (int writer = 0; writer < 4; writer++) {
		if (fork() == 0) {
			memset(line, 'a' + writer, sizeof(line));
			for (int i = 0; i < 100; i++)
				if (write(ends[1], line, sizeof(line)) != sizeof(line))
					_exit(1);
			_exit(0);
		}
	}
	close(ends[1]);
	for (int i = 0; i < 400; i++) {
		size_t have = 0;
		ssize_t got;

		while (have < sizeof(line) &&
		       (got = read(ends[0], line + have, sizeof(line) - have)) > 0)
			have += (size_t)got;
		EXPECT(have == sizeof(line));
		for (size_t b = 1; b < sizeof(line); b++)
			if (line[b] != line[0])
				EXPECT(!"one write's bytes are together");
		if (expect_failures)
			break;
	}
	close(ends[0]);
	while (wait(NULL) > 0)
		;
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	test_capacity();
	test_poll();
	test_stream();
	test_atomic_writes();
	return expect_result();
}
