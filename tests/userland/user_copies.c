/* SPDX-License-Identifier: MIT
 *
 * The kernel's copies from and to a program's memory, of which the end is missing: the count that
 * a call answers is the number of bytes that were there, at each byte and alignment.
 */
#include <fcntl.h>
#include <sys/mman.h>

#include "expect.h"

#define PAGE       4096
#define ALIGNMENTS 8
#define LONGEST    140
#define FILE_SIZE  (2 * PAGE)
#define UNTOUCHED  0x5a

static char contents[FILE_SIZE]; /* of the file */
static char *end;                /* two pages end here, and then nothing is */
static int file;

/* Reads with `there` bytes of room. */
static void try_read(size_t there, size_t wanted, off_t offset)
{
	ssize_t got;

	memset(end - there, UNTOUCHED, there);
	end[-(ssize_t)there - 1] = UNTOUCHED;
	got = pread(file, end - there, wanted, offset);
	if (there == 0 && wanted > 0)
		EXPECT(got == -1 && errno == EFAULT);
	else
		EXPECT(got == (ssize_t)(wanted < there ? wanted : there));
	EXPECT(got <= 0 || memcmp(end - there, contents + offset, (size_t)got) == 0);
	EXPECT(end[-(ssize_t)there - 1] == UNTOUCHED);
	for (size_t i = got > 0 ? (size_t)got : 0; i < there; i++)
		EXPECT(end[i - there] == UNTOUCHED);
}

/* Writes of which `there` bytes are there. */
static void try_write(size_t there, size_t wanted, off_t offset)
{
	static char now[FILE_SIZE];
	ssize_t got;

	for (size_t i = 0; i < there; i++)
		end[i - there] = (char)(contents[(size_t)offset + i] + 1);
	got = pwrite(file, end - there, wanted, offset);
	if (there == 0 && wanted > 0)
		EXPECT(got == -1 && errno == EFAULT);
	else
		EXPECT(got == (ssize_t)(wanted < there ? wanted : there));
	if (got > 0)
		memcpy(contents + offset, end - there, (size_t)got);
	EXPECT(pread(file, now, sizeof(now), 0) == FILE_SIZE);
	EXPECT(memcmp(now, contents, sizeof(now)) == 0);
}

static void try_all(void (*try)(size_t there, size_t wanted, off_t offset))
{
	static const size_t behind[] = {1, 64};

	for (size_t there = 0; there <= LONGEST; there++)
		for (off_t offset = 0; offset < ALIGNMENTS; offset++)
			for (int i = 0; i < 2; i++)
				try(there, there + behind[i], offset);
	/* Where the way of copying changes, and whole pages. */
	for (size_t there = 1000; there < 1060; there++)
		try(there, there + 500, 3);
	for (size_t there = PAGE - 9; there < PAGE + 9; there++)
		try(there, there + 500, 5);
}

/* Zeros, which the kernel does not copy but makes. */
static void try_zeros(int zeros, size_t there, size_t wanted)
{
	memset(end - there - 1, UNTOUCHED, there + 1);
	EXPECT(read(zeros, end - there, wanted) == (ssize_t)there);
	EXPECT(end[-(ssize_t)there - 1] == UNTOUCHED);
	for (size_t i = 1; i <= there; i++)
		EXPECT(end[-(ssize_t)i] == 0);
}

static void test_clearing(const char *name, int flags)
{
	int zeros = open(name, O_RDWR | flags, 0600);

	EXPECT(zeros >= 0 && (flags == 0 || ftruncate(zeros, 1 << 20) == 0));
	EXPECT_ERROR(EFAULT, read(zeros, end, 1));
	for (size_t there = 1; there < LONGEST; there++)
		for (size_t behind = 0; behind < 65; behind += 13)
			try_zeros(zeros, there, there + behind);
	for (size_t there = PAGE - 9; there < PAGE + 9; there++)
		try_zeros(zeros, there, there + 500);
	close(zeros);
}

static void test_strings(void)
{
	for (size_t length = 1; length < 80; length++) {
		char *path = end - length - 1;

		memset(path, '/', length);
		end[-1] = '\0';
		EXPECT(access(path, F_OK) == 0);
		end[-1] = '/';
		EXPECT_ERROR(EFAULT, access(path, F_OK));
	}
}

int main(void)
{
	char *room =
	        mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	EXPECT(room != MAP_FAILED && munmap(room + 2 * PAGE, PAGE) == 0);
	end = room + 2 * PAGE;
	for (int i = 0; i < FILE_SIZE; i++)
		contents[i] = (char)(i * 7 + i / 256);
	file = open("/tmp/copied", O_RDWR | O_CREAT | O_TRUNC, 0600);
	EXPECT(file >= 0 && write(file, contents, FILE_SIZE) == FILE_SIZE);
	try_all(try_read);
	try_all(try_write);
	test_clearing("/dev/zero", 0);
	test_clearing("/tmp/hole", O_CREAT | O_TRUNC);
	unlink("/tmp/hole");
	test_strings();
	unlink("/tmp/copied");
	return expect_result();
}
