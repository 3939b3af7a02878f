/* SPDX-License-Identifier: MIT
 *
 * msync(2), mlock(2) and its kin, mincore(2), and mappings that are filled at once.
 */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "contract.h"

#define PAGE ((size_t)4096)

static char *map(size_t pages, int flags)
{
	return mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | flags,
	            -1, 0);
}

/* Which pages are there: a digit each. */
static void show_resident(char *at, size_t pages)
{
	unsigned char there[16] = {0};

	if (mincore(at, pages * PAGE, there)) {
		SAY("mincore: errno %d", errno);
		return;
	}
	for (size_t i = 0; i < pages; i++)
		putchar('0' + (there[i] & 1));
	putchar('\n');
}

CASE(mincore_of_private_memory)
{
	char *at = map(4, 0);

	show_resident(at, 4);
	at[PAGE] = 1;
	at[3 * PAGE] = 1;
	show_resident(at, 4);
	SHOW(madvise(at + PAGE, PAGE, MADV_DONTNEED));
	show_resident(at, 4);
}

CASE(mincore_of_a_shared_file)
{
	int fd = make_file("file", "");
	char block[4096] = "x", *at;

	SHOW(pwrite(fd, block, sizeof(block), 0));
	SHOW(ftruncate(fd, 3 * 4096));
	at = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	at[2 * PAGE] = 'y';
	SHOW(mincore(at, PAGE, (unsigned char *)block));
	SHOW(block[0] & 1);
	SHOW(mincore(at + 2 * PAGE, PAGE, (unsigned char *)block));
	SHOW(block[0] & 1);
}

CASE(mincore_refuses)
{
	char *at = map(3, 0);
	unsigned char there[4];

	SHOW(munmap(at + PAGE, PAGE));
	SHOW(mincore(at, 3 * PAGE, there));
	SHOW(mincore(at + 1, PAGE, there));
	SHOW(mincore(at, PAGE, (void *)8));
	SHOW(mincore(at, 0, there));
	SHOW(mincore(at, 1, there));
	SHOW(mincore(at, (size_t)-1, there));
}

CASE(mlock_brings_pages_in)
{
	char *at = map(4, 0);

	SHOW(mlock(at + PAGE + 5, PAGE));
	show_resident(at, 4);
	SHOW(munlock(at + PAGE, 2 * PAGE));
	show_resident(at, 4);
	at = map(2, MAP_LOCKED);
	show_resident(at, 2);
	SHOW(madvise(at, PAGE, MADV_DONTNEED));
	SHOW(munlock(at, 2 * PAGE));
	SHOW(madvise(at, PAGE, MADV_DONTNEED));
	show_resident(at, 2);
}

CASE(mlock_refuses)
{
	char *at = map(3, 0);

	SHOW(munmap(at + PAGE, PAGE));
	SHOW(mlock(at, 3 * PAGE));
	SHOW(munlock(at, 3 * PAGE));
	SHOW(mlock(at, 0));
	SHOW(mlock(at + PAGE, 0));
	SHOW(munlock(at + PAGE, 1));
	SHOW(mlock(at, (size_t)-8192));
	SHOW(syscall(SYS_mlock2, at, PAGE, 2));
	SHOW(mprotect(at, PAGE, PROT_NONE));
	SHOW(mlock(at, PAGE));
}

CASE(mlock_on_fault)
{
	char *at = map(2, 0);

	SHOW(syscall(SYS_mlock2, at, 2 * PAGE, 1));
	show_resident(at, 2);
	at[PAGE] = 1;
	show_resident(at, 2);
	SHOW(msync(at, PAGE, MS_ASYNC | MS_INVALIDATE));
	SHOW(munlock(at, 2 * PAGE));
	SHOW(msync(at, PAGE, MS_ASYNC | MS_INVALIDATE));
}

CASE(mlockall_future)
{
	char *at;

	SHOW(mlockall(0));
	SHOW(mlockall(8));
	SHOW(mlockall(MCL_ONFAULT));
	SHOW(mlockall(MCL_FUTURE));
	at = map(2, 0);
	show_resident(at, 2);
	SHOW(munlockall());
	at = map(2, 0);
	show_resident(at, 2);
	SHOW(mlockall(MCL_CURRENT));
	show_resident(at, 2);
	SHOW(mlockall(MCL_FUTURE | MCL_ONFAULT));
	at = map(2, 0);
	show_resident(at, 2);
}

CASE(mmap_populates)
{
	char *at = map(3, MAP_POPULATE);

	show_resident(at, 3);
	at = mmap(NULL, 2 * PAGE, PROT_READ, MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	show_resident(at, 2);
}

CASE(msync_arguments)
{
	int fd = make_file("file", "text");
	char *at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0), text[5] = "";

	at[0] = 'T';
	SHOW(msync(at, PAGE, MS_SYNC));
	SHOW(pread(fd, text, 4, 0));
	SAY("%s", text);
	SHOW(msync(at, 1, MS_ASYNC));
	SHOW(msync(at, 0, MS_SYNC));
	SHOW(msync(at + 1, PAGE, MS_SYNC));
	SHOW(msync(at, PAGE, MS_SYNC | MS_ASYNC));
	SHOW(msync(at, PAGE, 8));
	SHOW(munmap(at, PAGE));
	SHOW(msync(at, PAGE, MS_SYNC));
	SHOW(msync(at, (size_t)-4096, MS_SYNC));
}
