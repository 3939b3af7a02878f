/* SPDX-License-Identifier: MIT
 *
 * Files, in a file system that falls now and then, and a service that falls always.
 *
 * Booted with inject=tmpfs.extend/N some writes fail with EIO: then nothing of them is there.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "stress.h"

#define FILES   6
#define RECORD  1500
#define LONGEST (40 * RECORD)

static void check_file(const char *name, size_t size, char mark)
{
	static char found[LONGEST + 1];
	int fd = open(name, O_RDONLY);
	ssize_t got;
	size_t total = 0;

	MUST(fd >= 0);
	while ((got = read(fd, found + total, sizeof(found) - total)) > 0)
		total += (size_t)got;
	MUST(got == 0 && total == size);
	for (size_t i = 0; i < size; i++)
		MUST(found[i] == mark);
	close(fd);
}

/* The new size. */
static size_t append(const char *name, size_t size, char mark)
{
	char record[RECORD];
	int fd = open(name, O_WRONLY | O_CREAT | O_APPEND, 0600);
	ssize_t done;

	MUST(fd >= 0);
	memset(record, mark, sizeof(record));
	done = write(fd, record, sizeof(record));
	MUST(done == RECORD || (done == -1 && errno == EIO));
	close(fd);
	return done > 0 ? size + RECORD : size;
}

unsigned long file_churn(void)
{
	size_t sizes[FILES] = {0};
	unsigned long rounds = 0;
	char folder[32], name[48], other[48];

	snprintf(folder, sizeof(folder), "/tmp/stress.%d", getpid());
	MUST(mkdir(folder, 0700) == 0);
	for (; !time_is_up(); rounds++) {
		unsigned int file = random_number(FILES);

		snprintf(name, sizeof(name), "%s/%u", folder, file);
		snprintf(other, sizeof(other), "%s/other", folder);
		if (sizes[file] + RECORD > LONGEST) {
			MUST(unlink(name) == 0);
			sizes[file] = 0;
			continue;
		}
		sizes[file] = append(name, sizes[file], (char)('a' + file));
		if (random_number(4) == 0) {
			MUST(rename(name, other) == 0);
			check_file(other, sizes[file], (char)('a' + file));
			MUST(rename(other, name) == 0);
		}
		check_file(name, sizes[file], (char)('a' + file));
	}
	for (unsigned int file = 0; file < FILES; file++) {
		snprintf(name, sizeof(name), "%s/%u", folder, file);
		MUST(unlink(name) == 0 || errno == ENOENT);
	}
	MUST(rmdir(folder) == 0);
	return rounds;
}

unsigned long fall_often(void)
{
	static const char *const ways[] = {"panic",  "null",      "illegal",
	                                   "divide", "wild_jump", "overflow"};
	unsigned long rounds = 0;
	char path[32], byte;

	for (; !time_is_up(); rounds++) {
		int fd;

		snprintf(path, sizeof(path), "/chaos/%s", ways[random_number(6)]);
		fd = open(path, O_RDONLY);
		MUST(fd >= 0);
		MUST(read(fd, &byte, 1) == -1 && errno == EIO);
		close(fd);
	}
	return rounds;
}
