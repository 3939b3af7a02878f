/* SPDX-License-Identifier: MIT
 *
 * memfd_create(2), and file sealing (fcntl(2)).
 */
#define _GNU_SOURCE
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "contract.h"

#define PAGE ((size_t)4096)
#define RW   (PROT_READ | PROT_WRITE)

CASE(memfd_is_a_file)
{
	int fd = memfd_create("name", 0);
	struct stat status;
	char text[8] = "";

	SHOW(fd);
	SHOW(fstat(fd, &status));
	SHOW(S_ISREG(status.st_mode));
	SHOW(status.st_mode & 07777);
	SHOW(status.st_nlink);
	SHOW(status.st_size);
	SHOW(write(fd, "contents", 8));
	SHOW(pread(fd, text, 8, 3));
	SAY("%s", text);
	SHOW(ftruncate(fd, 5000));
	SHOW(lseek(fd, 0, SEEK_END));
	SHOW(pread(fd, text, 8, 4996));
	SHOW(fallocate(fd, 0, 5000, 5000));
	SHOW(lseek(fd, 0, SEEK_END));
	SHOW(fcntl(fd, F_GETFL) & O_ACCMODE);
	SHOW(fcntl(fd, F_GETFD));
	SHOW(fcntl(memfd_create("", MFD_CLOEXEC), F_GETFD));
}

CASE(memfd_refuses)
{
	char name[260];

	memset(name, 'n', sizeof(name));
	name[249] = '\0';
	SHOW(memfd_create(name, 0));
	name[249] = 'n';
	name[250] = '\0';
	SHOW(memfd_create(name, 0));
	SHOW(memfd_create(NULL, 0));
	SHOW(memfd_create("n", 0x80));
}

CASE(memfd_is_shared)
{
	int fd = memfd_create("name", 0);
	char *at;

	SHOW(ftruncate(fd, 2 * 4096));
	at = mmap(NULL, 2 * PAGE, RW, MAP_SHARED, fd, 0);
	fflush(stdout);
	if (fork() == 0) {
		strcpy(at + PAGE, "from the child");
		_exit(0);
	}
	wait(NULL);
	SAY("%s", at + PAGE);
	SHOW(pwrite(fd, "FROM", 4, 4096));
	SAY("%s", at + PAGE);
	SHOW(close(fd));
	SAY("%s", at + PAGE);
}

CASE(seals_not_allowed)
{
	int fd = memfd_create("name", 0), pipes[2];

	SHOW(fcntl(fd, F_GET_SEALS));
	SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
	SHOW(pipe(pipes));
	SHOW(fcntl(pipes[0], F_GET_SEALS));
	SHOW(fcntl(pipes[1], F_ADD_SEALS, F_SEAL_WRITE));
	SHOW(fcntl(99, F_GET_SEALS));
}

CASE(seals_on_size)
{
	int fd = memfd_create("name", MFD_ALLOW_SEALING);

	SHOW(fcntl(fd, F_GET_SEALS));
	SHOW(ftruncate(fd, 4096));
	SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK));
	SHOW(ftruncate(fd, 4095));
	SHOW(ftruncate(fd, 8192));
	SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_GROW));
	SHOW(ftruncate(fd, 8193));
	SHOW(ftruncate(fd, 8192));
	SHOW(pwrite(fd, "x", 1, 8191));
	SHOW(pwrite(fd, "x", 1, 8192));
	SHOW(fallocate(fd, 0, 8192, 1));
	SHOW(fcntl(fd, F_GET_SEALS));
	SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL));
	SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
	SHOW(fcntl(fd, F_GET_SEALS));
}

CASE(seals_on_writing)
{
	int fd = memfd_create("name", MFD_ALLOW_SEALING);
	char *at;

	SHOW(write(fd, "text", 4));
	SHOW(fcntl(fd, F_ADD_SEALS, 0x1000));
	at = mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0);
	SHOW(at == MAP_FAILED);
	SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
	SHOW(munmap(at, PAGE));
	SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE));
	SHOW(write(fd, "text", 4));
	SHOW(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 4));
	SHOW(ftruncate(fd, 100));
	SHOW((long)mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0));
	at = mmap(NULL, PAGE, RW, MAP_PRIVATE, fd, 0);
	SHOW(at == MAP_FAILED);
	at[0] = 'T';
	at = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	SHOW(at == MAP_FAILED);
	SHOW(at[0]);
	SHOW(mprotect(at, PAGE, RW));
}

CASE(seals_on_future_writing)
{
	int fd = memfd_create("name", MFD_ALLOW_SEALING);
	char *at;

	SHOW(ftruncate(fd, 4096));
	at = mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0);
	SHOW(fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE));
	at[0] = 'x';
	SHOW(write(fd, "text", 4));
	SHOW((long)mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0));
}
