/* SPDX-License-Identifier: MIT
 *
 * The address space: mmap(2), mprotect(2), munmap(2), mremap(2), brk(2), madvise(2).
 */
#define _GNU_SOURCE
#include <sys/mman.h>

#include "contract.h"

#define PAGE 4096UL

static char *map(unsigned long pages, int protection)
{
	return mmap(NULL, pages * PAGE, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static long map_call(void *address, unsigned long size, int protection, int flags, int fd,
                     long offset)
{
	return mmap(address, size, protection, flags, fd, offset) == MAP_FAILED ? -1 : 0;
}

CASE(mappings_that_are_refused)
{
	int fd = make_file("a", "text"), reader = open("a", O_RDONLY), writer = open("a", O_WRONLY);

	SHOW(map_call(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
	SHOW(map_call(NULL, PAGE, PROT_READ, MAP_ANONYMOUS, -1, 0));
	SHOW(map_call(NULL, PAGE, PROT_READ, MAP_PRIVATE, 99, 0));
	SHOW(map_call(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 1));
	SHOW(map_call(NULL, PAGE, PROT_READ, MAP_PRIVATE, writer, 0));
	SHOW(map_call(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, reader, 0));
	SHOW(map_call(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, reader, 0));
	SHOW(map_call(NULL, PAGE, PROT_READ, MAP_PRIVATE, open(".", O_RDONLY), 0));
	SHOW(map_call((void *)1, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0));
	SHOW(map_call(NULL, 1UL << 60, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
}

CASE(protections_are_changed)
{
	char *area = map(3, PROT_READ | PROT_WRITE);

	SHOW(mprotect(area + PAGE, PAGE, PROT_NONE));
	SHOW(write(make_file("a", ""), area, 2 * PAGE));
	SHOW(write(make_file("a", ""), area + PAGE, PAGE));
	SHOW(mprotect(area + 1, PAGE, PROT_READ));
	SHOW(mprotect(area, PAGE, 0x100));
	SHOW(munmap(area + PAGE, PAGE));
	SHOW(mprotect(area, 3 * PAGE, PROT_READ));
	SHOW(munmap(area + 1, PAGE));
	SHOW(munmap(area, 0));
	SHOW(munmap(area, 3 * PAGE));
	SHOW(munmap(area, 3 * PAGE));
}

CASE(mappings_of_files)
{
	int fd = make_file("a", "text");
	char *shared = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	char *private = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	char text[5] = "";

	shared[0] = 'T';
	private[1] = 'E';
	SHOW(pread(fd, text, 4, 0));
	SAY("%s %.4s %.4s", text, shared, private);
	SHOW(pwrite(fd, "1234", 4, 0));
	SAY("%.4s", shared);
	SHOW(shared[4] + shared[4095]);
	SHOW(close(fd));
	SAY("%.4s", shared);
}

CASE(mappings_move)
{
	char *area = map(2, PROT_READ | PROT_WRITE), *moved;

	area[0] = 'a';
	moved = mremap(area, 2 * PAGE, 8 * PAGE, MREMAP_MAYMOVE);
	SHOW(moved != MAP_FAILED);
	SHOW(moved[0]);
	SHOW(moved[7 * PAGE]);
	SHOW(mremap(moved, 8 * PAGE, PAGE, 0) == moved);
	SHOW(write(make_file("a", ""), moved + PAGE, 1));
	SHOW(mremap(moved, PAGE, 0, 0) == MAP_FAILED);
	SHOW(mremap(moved + 1, PAGE, PAGE, 0) == MAP_FAILED);
	SHOW(mremap(moved, PAGE, PAGE, 8) == MAP_FAILED);
}

CASE(advice_on_memory)
{
	char *area = map(2, PROT_READ | PROT_WRITE);

	area[0] = 'a';
	SHOW(madvise(area, PAGE, MADV_DONTNEED));
	SHOW(area[0]);
	SHOW(madvise(area, PAGE, MADV_WILLNEED));
	SHOW(madvise(area + 1, PAGE, MADV_NORMAL));
	SHOW(madvise(area, PAGE, 9999));
	SHOW(madvise(area, 0, MADV_NORMAL));
	munmap(area + PAGE, PAGE);
	SHOW(madvise(area, 2 * PAGE, MADV_DONTNEED));
}
