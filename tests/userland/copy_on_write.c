/* SPDX-License-Identifier: MIT
 *
 * After fork(2) each process has its own copy of every private page, whoever writes first.
 */
#include <fcntl.h>
#include <sys/mman.h>

#include "expect.h"

#define PAGE  4096
#define PAGES 300

static char data[PAGES][PAGE];

static int all(char value)
{
	for (int i = 0; i < PAGES; i++)
		if (data[i][0] != value || data[i][PAGE - 1] != value)
			return 0;
	return 1;
}

static void test_child_writes(void)
{
	int status;
	pid_t child;

	memset(data, 'p', sizeof(data));
	child = fork();
	if (child == 0) {
		int good = all('p');

		memset(data, 'c', sizeof(data));
		_exit(good && all('c') ? 0 : 1);
	}
	EXPECT(waitpid(child, &status, 0) == child && status == 0);
	EXPECT(all('p'));
}

static void test_parent_writes(void)
{
	int ends[2], status;
	char byte;
	pid_t child;

	memset(data, 'p', sizeof(data));
	EXPECT(pipe(ends) == 0);
	child = fork();
	if (child == 0) {
		/* Read only after the parent has written. */
		_exit(read(ends[0], &byte, 1) == 1 && all('p') ? 0 : 1);
	}
	memset(data, 'q', sizeof(data));
	EXPECT(write(ends[1], "g", 1) == 1);
	EXPECT(waitpid(child, &status, 0) == child && status == 0);
	EXPECT(all('q'));
	close(ends[0]);
	close(ends[1]);
}

static void test_grandchildren(void)
{
	int status;
	pid_t child;

	memset(data, '0', sizeof(data));
	child = fork();
	if (child == 0) {
		memset(data, '1', PAGE * 10);
		child = fork();
		if (child == 0) {
			memset(data, '2', PAGE * 5);
			_exit(data[4][0] == '2' && data[5][0] == '1' && data[10][0] == '0' ? 0 : 1);
		}
		if (waitpid(child, &status, 0) != child || status != 0)
			_exit(1);
		_exit(data[4][0] == '1' && data[10][0] == '0' ? 0 : 1);
	}
	EXPECT(waitpid(child, &status, 0) == child && status == 0);
	EXPECT(all('0'));
}

/* The kernel's own writes into a shared page must break the sharing too. */
static void test_read_into_shared_page(void)
{
	int status, fd;
	pid_t child;

	memset(data, 'p', sizeof(data));
	child = fork();
	if (child == 0) {
		fd = open("/dev/zero", O_RDONLY);
		_exit(read(fd, data, PAGE * 3) == PAGE * 3 && data[2][0] == 0 && data[3][0] == 'p'
		              ? 0
		              : 1);
	}
	EXPECT(waitpid(child, &status, 0) == child && status == 0);
	EXPECT(all('p'));
}

static void test_shared_mapping(void)
{
	int status;
	pid_t child;
	int *shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	EXPECT(shared != MAP_FAILED);
	child = fork();
	if (child == 0) {
		*shared = 7;
		_exit(0);
	}
	EXPECT(waitpid(child, &status, 0) == child && status == 0);
	EXPECT(*shared == 7);
	munmap(shared, PAGE);
}

int main(void)
{
	test_child_writes();
	test_parent_writes();
	test_grandchildren();
	test_read_into_shared_page();
	test_shared_mapping();
	return expect_result();
}
