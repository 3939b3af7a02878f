/* SPDX-License-Identifier: MIT
 *
 * fallocate(2), fsync(2), posix_fadvise(2), readahead(2), sync_file_range(2).
 */
#define _GNU_SOURCE
#include <sys/stat.h>

#include "contract.h"

static long size_of(int fd)
{
	struct stat status;

	return fstat(fd, &status) == 0 ? (long)status.st_size : -1;
}

CASE(fallocate_grows)
{
	int fd = make_file("file", "text");
	char text[8] = "xxxxxxx";

	SHOW(fallocate(fd, 0, 2, 10000));
	SHOW(size_of(fd));
	SHOW(fallocate(fd, 0, 0, 5));
	SHOW(size_of(fd));
	SHOW(pread(fd, text, 8, 2));
	SHOW(memcmp(text, "xt\0\0\0\0\0\0", 8));
	SHOW(pread(fd, text, 8, 10000));
	SHOW(lseek(fd, 0, SEEK_CUR));
}

CASE(fallocate_takes_blocks)
{
	int fd = make_file("file", "");
	struct stat status;

	SHOW(ftruncate(fd, 1 << 20));
	SHOW(fstat(fd, &status));
	SHOW(status.st_blocks);
	SHOW(fallocate(fd, FALLOC_FL_KEEP_SIZE, 4096, 8192));
	SHOW(fstat(fd, &status));
	SHOW(status.st_blocks);
	SHOW(status.st_size);
}

CASE(fallocate_punches_holes)
{
	int fd = make_file("file", "");
	char block[4096], zero[4096] = "";

	memset(block, 'a', sizeof(block));
	for (int i = 0; i < 4; i++)
		SHOW(pwrite(fd, block, sizeof(block), i * 4096));
	SHOW(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 4000, 5000));
	SHOW(pread(fd, block, 4096, 0));
	SHOW(block[3999]);
	SHOW(block[4000]);
	SHOW(pread(fd, block, 4096, 4096));
	SHOW(memcmp(block, zero, 4096));
	SHOW(pread(fd, block, 4096, 8192));
	SHOW(block[807]);
	SHOW(block[808]);
	SHOW(size_of(fd));
	SHOW(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 100000, 5000));
	SHOW(size_of(fd));
}

CASE(fallocate_refuses)
{
	int fd = make_file("file", "text"), read_only = open("file", O_RDONLY), ends[2];
	int null = open("/dev/null", O_RDWR);

	SHOW(pipe(ends));
	SHOW(fallocate(fd, 0, -1, 1));
	SHOW(fallocate(fd, 0, 0, 0));
	SHOW(fallocate(fd, 0, 0, -5));
	SHOW(fallocate(fd, FALLOC_FL_PUNCH_HOLE, 0, 1));
	SHOW(fallocate(fd, 0x4000, 0, 1));
	SHOW(fallocate(read_only, 0, 0, 1));
	SHOW(fallocate(ends[1], 0, 0, 1));
	SHOW(fallocate(null, 0, 0, 1));
	SHOW(fallocate(99, 0, 0, 1));
	SHOW(fallocate(fd, 0, 1, INT64_MAX));
}

CASE(fsync_kinds_of_files)
{
	int file = make_file("file", ""), directory = open(".", O_RDONLY), ends[2];
	int handle = open("file", O_PATH), null = open("/dev/null", O_RDWR);

	SHOW(pipe(ends));
	SHOW(fsync(file));
	SHOW(fdatasync(file));
	SHOW(fsync(directory));
	SHOW(fsync(ends[0]));
	SHOW(fdatasync(ends[1]));
	SHOW(fsync(null));
	SHOW(fsync(handle));
	SHOW(fsync(99));
	SHOW(syncfs(file));
	SHOW(syncfs(99));
}

CASE(advice_on_files)
{
	int file = make_file("file", "text"), write_only = open("file", O_WRONLY), ends[2];
	int directory = open(".", O_RDONLY);

	SHOW(pipe(ends));
	SHOW(posix_fadvise(file, 0, 0, POSIX_FADV_WILLNEED));
	SHOW(posix_fadvise(file, 0, -1, POSIX_FADV_NORMAL));
	SHOW(posix_fadvise(file, 0, 0, 77));
	SHOW(posix_fadvise(ends[0], 0, 0, POSIX_FADV_NORMAL));
	SHOW(posix_fadvise(99, 0, 0, POSIX_FADV_NORMAL));
	SHOW(readahead(file, 0, 100));
	SHOW(readahead(write_only, 0, 100));
	SHOW(readahead(ends[0], 0, 100));
	SHOW(readahead(directory, 0, 100));
	SHOW(readahead(99, 0, 100));
}

CASE(sync_file_range_arguments)
{
	int file = make_file("file", "text"), ends[2];

	SHOW(pipe(ends));
	SHOW(sync_file_range(file, 0, 0, SYNC_FILE_RANGE_WRITE));
	SHOW(sync_file_range(file, 0, 100, 0));
	SHOW(sync_file_range(file, 0, 0, 8));
	SHOW(sync_file_range(file, -1, 0, 0));
	SHOW(sync_file_range(file, 0, -1, 0));
	SHOW(sync_file_range(file, INT64_MAX, 1, 0));
	SHOW(sync_file_range(ends[0], 0, 0, 0));
	SHOW(sync_file_range(99, 0, 0, 0));
}

CASE(fallocate_behind_the_end)
{
	int fd = make_file("file", "text");

	SHOW(fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 100000));
	SHOW(size_of(fd));
}
