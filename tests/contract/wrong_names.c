/* SPDX-License-Identifier: MIT
 *
 * Names that are none, and ways to open what cannot be opened so (unlink(2), readlink(2),
 * open(2)).
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "contract.h"

CASE(names_that_cannot_be_removed)
{
	mkdir("directory", 0755);
	make_file("file", "");
	SHOW(unlink("/"));
	SHOW(rmdir("/"));
	SHOW(unlink("."));
	SHOW(rmdir("."));
	SHOW(unlink("directory/.."));
	SHOW(rmdir("directory/.."));
	SHOW(unlink("directory"));
	SHOW(rmdir("file"));
	SHOW(unlink(""));
	SHOW(unlink("file/"));
	SHOW(unlink("none/"));
	SHOW(unlinkat(AT_FDCWD, "file", 1));
	SHOW(unlinkat(AT_FDCWD, "directory", AT_REMOVEDIR));
	SHOW(unlinkat(99, "file", 0));
}

CASE(links_that_are_none)
{
	char target[16];
	int handle;

	make_file("file", "");
	symlink("file", "link");
	handle = open("link", O_PATH | O_NOFOLLOW);
	SHOW(readlink("", target, sizeof(target)));
	SHOW(readlink("file", target, sizeof(target)));
	SHOW(readlink(".", target, sizeof(target)));
	SHOW(readlinkat(handle, "", target, sizeof(target)));
	SHOW(readlinkat(open("file", O_RDONLY), "", target, sizeof(target)));
	SHOW(readlink("link", target, 0));
	SHOW(readlink("link", target, 2));
	SHOW(readlink("link/", target, sizeof(target)));
	SHOW(readlink("none", target, sizeof(target)));
	SHOW(readlink("link", (void *)8, 4));
}

CASE(opened_with_flags_that_do_not_fit)
{
	char byte;
	int fd;

	make_file("file", "text");
	symlink("file", "link");
	mkdir("directory", 0755);
	symlink("directory", "to_directory");
	SHOW(open("link", O_NOFOLLOW));
	SHOW(open("link", O_NOFOLLOW | O_DIRECTORY));
	SHOW(open("to_directory", O_NOFOLLOW | O_DIRECTORY));
	SHOW(open("file", O_DIRECTORY));
	SHOW(open("directory", O_WRONLY));
	SHOW(open("directory", O_RDONLY | O_CREAT, 0600));
	SHOW(open("file", O_CREAT | O_EXCL, 0600));
	fd = open("file", 3);
	SHOW(fd >= 0);
	SHOW(read(fd, &byte, 1));
	SHOW(write(fd, "x", 1));
	SHOW(fcntl(fd, F_GETFL) & O_ACCMODE);
	SHOW(lseek(fd, 0, SEEK_END));
	chmod("file", 0400);
	SHOW(open("file", 3));
}

#define ROUNDS 40

static volatile int writing_to, stop;

static void *write_again(void *unused)
{
	char block[8192];

	for (unsigned char byte = 0; !stop; byte++) {
		memset(block, byte, sizeof(block));
		(void)!pwrite(writing_to, block, sizeof(block), 0);
	}
	return unused;
}

/* A write that is under way when the file is sealed is over then: nothing changes behind it. */
CASE(seals_against_writes_under_way)
{
	static char before[8192], after[8192];
	pthread_t writer;
	int changed = 0, sealed = 0;

	for (int round = 0; round < ROUNDS; round++) {
		int fd = (int)syscall(SYS_memfd_create, "sealed", 2);

		writing_to = fd;
		stop = 0;
		(void)!pwrite(fd, before, sizeof(before), 0);
		pthread_create(&writer, NULL, write_again, NULL);
		/* Either answer is one: what is under way may be waited for or be in the way. */
		while (fcntl(fd, 1033, 8) == -1 && errno == EBUSY)
			;
		sealed += fcntl(fd, 1034) == 8;
		(void)!pread(fd, before, sizeof(before), 0);
		for (int again = 0; again < 20; again++) {
			(void)!pread(fd, after, sizeof(after), 0);
			changed += memcmp(before, after, sizeof(after)) != 0;
		}
		stop = 1;
		pthread_join(writer, NULL);
		close(fd);
	}
	SHOW(sealed);
	SHOW(changed);
}
