/* SPDX-License-Identifier: MIT
 *
 * preadv2(2) and pwritev2(2).
 */
#define _GNU_SOURCE
#include <sys/uio.h>

#include "contract.h"

#define HIGH_PRIORITY 1
#define DATA_SYNC     2
#define SYNC          4
#define APPEND        16

static long write_2(int fd, const char *text, long offset, int flags)
{
	struct iovec one = {(char *)text, strlen(text)};

	return syscall(SYS_pwritev2, fd, &one, 1, offset, 0, flags);
}

static long read_2(int fd, long offset, int flags)
{
	char text[32] = "";
	struct iovec two[] = {{text, 3}, {text + 3, 20}};
	long count = syscall(SYS_preadv2, fd, two, 2, offset, 0, flags);

	if (count >= 0)
		SAY("'%s'", text);
	return count;
}

CASE(transfer_at_offsets)
{
	int fd = make_file("file", "0123456789");

	SHOW(read_2(fd, 4, 0));
	SHOW(read_2(fd, -1, HIGH_PRIORITY));
	SHOW(read_2(fd, -1, 0));
	SHOW(write_2(fd, "ab", 1, DATA_SYNC));
	SHOW(lseek(fd, 2, SEEK_SET));
	SHOW(write_2(fd, "XY", -1, SYNC));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(read_2(fd, 0, 0));
}

CASE(transfer_appends)
{
	int fd = make_file("file", "0123");

	SHOW(write_2(fd, "ab", 1, APPEND));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(write_2(fd, "cd", -1, APPEND));
	SHOW(lseek(fd, 0, SEEK_CUR));
	SHOW(read_2(fd, 0, 0));
}

CASE(transfer_refuses)
{
	int fd = make_file("file", "0123"), ends[2];

	SHOW(pipe(ends));
	SHOW(read_2(fd, -2, 0));
	SHOW(read_2(fd, 0, 0x40000000));
	SHOW(write_2(fd, "a", 0, 0x40000000));
	SHOW(write_2(ends[1], "a", 0, 0));
	SHOW(write_2(ends[1], "a", 0, APPEND));
	SHOW(write_2(ends[1], "a", -1, APPEND));
	SHOW(read_2(ends[0], 0, 0));
	SHOW(read_2(ends[0], -1, 0));
	SHOW(read_2(99, 0, 0));
	SHOW(write_2(ends[0], "a", -1, 0));
}
