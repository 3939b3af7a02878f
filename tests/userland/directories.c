/* SPDX-License-Identifier: MIT
 *
 * Directories that several processes make and remove at once: nobody loses one. Places in them
 * that no entry has.
 */
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "expect.h"

#define WORKERS 6
#define ROUNDS  50
#define DEPTH   12
#define NAME    "a_name_that_every_level_has"

/* Down as far as it goes, and up again, removing what was left behind. */
static void make_and_remove(const char *top)
{
	int depth = 0;

	EXPECT(mkdir(top, 0755) == 0 && chdir(top) == 0);
	while (depth < DEPTH && mkdir(NAME, 0755) == 0 && chdir(NAME) == 0)
		depth++;
	EXPECT(depth == DEPTH);
	while (depth-- > 0)
		EXPECT(chdir("..") == 0 && rmdir(NAME) == 0);
	EXPECT(chdir("..") == 0 && rmdir(top) == 0);
}

static void test_directories_at_once(void)
{
	char top[16];
	int status;

	for (int worker = 0; worker < WORKERS; worker++) {
		if (fork() != 0)
			continue;
		snprintf(top, sizeof(top), "top%d", worker);
		for (int round = 0; round < ROUNDS && expect_failures == 0; round++)
			make_and_remove(top);
		_exit(expect_failures != 0);
	}
	for (int worker = 0; worker < WORKERS; worker++)
		EXPECT(wait(&status) > 0 && status == 0);
}

/* Where lseek(2) leads in a directory may be no place of an entry: then nothing is behind it. */
static void test_places_that_no_entry_has(void)
{
	static const char *const folders[] = {"/", "/dev", "/proc", "/proc/self", "/proc/self/fd"};
	static const long places[] = {1L << 31, (1L << 32) + 1, (1L << 32) + 100, INT64_MAX};
	char entries[1024];

	for (size_t f = 0; f < sizeof(folders) / sizeof(folders[0]); f++) {
		int fd = open(folders[f], O_RDONLY | O_DIRECTORY);

		EXPECT(fd >= 0);
		for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++) {
			EXPECT(lseek(fd, places[p], SEEK_SET) == places[p]);
			EXPECT(syscall(SYS_getdents64, fd, entries, sizeof(entries)) == 0);
		}
		close(fd);
	}
}

int main(void)
{
	test_places_that_no_entry_has();
	EXPECT(mkdir("/tmp/directories", 0755) == 0 && chdir("/tmp/directories") == 0);
	test_directories_at_once();
	EXPECT(chdir("/") == 0 && rmdir("/tmp/directories") == 0);
	return expect_result();
}
