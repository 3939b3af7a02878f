/* SPDX-License-Identifier: MIT
 *
 * mmap(2), munmap(2), mprotect(2), brk(2), mremap(2): what is there, what is zero, what faults.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "expect.h"

#define PAGE 4096

static sigjmp_buf back;

static void leave(int number)
{
	(void)number;
	siglongjmp(back, 1);
}

static int faults(volatile char *place, int writes)
{
	if (sigsetjmp(back, 1))
		return 1;
	if (writes)
		*place = 1;
	else
		(void)*place;
	return 0;
}

static char *map(size_t size, int protection)
{
	char *got = mmap(NULL, size, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	EXPECT(got != MAP_FAILED);
	return got;
}

static void test_anonymous(void)
{
	char *pages = map(64 * PAGE, PROT_READ | PROT_WRITE);

	for (int i = 0; i < 64; i++)
		EXPECT(pages[i * PAGE] == 0 && pages[i * PAGE + PAGE - 1] == 0);
	memset(pages, 'x', 64 * PAGE);
	/* A hole in the middle: its neighbours stay. */
	EXPECT(munmap(pages + 10 * PAGE, PAGE) == 0);
	EXPECT(faults(pages + 10 * PAGE, 0));
	EXPECT(pages[9 * PAGE] == 'x' && pages[11 * PAGE] == 'x');
	EXPECT(munmap(pages + 10 * PAGE, PAGE) == 0);
	EXPECT(munmap(pages, 64 * PAGE) == 0 && faults(pages, 0));
}

static void test_fixed(void)
{
	char *pages = map(4 * PAGE, PROT_READ | PROT_WRITE);

	memset(pages, 'x', 4 * PAGE);
	EXPECT(mmap(pages + PAGE, PAGE, PROT_READ | PROT_WRITE,
	            MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == pages + PAGE);
	EXPECT(pages[PAGE] == 0 && pages[0] == 'x' && pages[2 * PAGE] == 'x');
	munmap(pages, 4 * PAGE);
}

static void test_protection(void)
{
	char *pages = map(3 * PAGE, PROT_READ | PROT_WRITE);

	memset(pages, 'x', 3 * PAGE);
	EXPECT(mprotect(pages + PAGE, PAGE, PROT_READ) == 0);
	EXPECT(faults(pages + PAGE, 1) && !faults(pages + PAGE, 0));
	EXPECT(!faults(pages, 1) && !faults(pages + 2 * PAGE, 1));
	EXPECT(mprotect(pages + PAGE, PAGE, PROT_NONE) == 0 && faults(pages + PAGE, 0));
	EXPECT(mprotect(pages + PAGE, PAGE, PROT_READ | PROT_WRITE) == 0);
	EXPECT(pages[PAGE] == 'x');
	/* The C library would round the address down. */
	EXPECT_ERROR(EINVAL, syscall(SYS_mprotect, pages + 1, PAGE, PROT_READ));
	munmap(pages, 3 * PAGE);
	EXPECT_ERROR(ENOMEM, mprotect(pages, PAGE, PROT_READ));
}

static void test_file(void)
{
	char *pages;
	int fd = open("/tmp/mapped", O_RDWR | O_CREAT | O_TRUNC, 0600);

	EXPECT(fd >= 0 && write(fd, "contents", 8) == 8);
	pages = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
	EXPECT(pages != MAP_FAILED && memcmp(pages, "contents", 9) == 0);
	pages[0] = 'C';
	EXPECT(pread(fd, pages + 100, 1, 0) == 1 && pages[100] == 'c');
	munmap(pages, PAGE);
	close(fd);
	unlink("/tmp/mapped");
}

static void test_wrong_arguments(void)
{
	EXPECT(mmap(NULL, 0, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
	EXPECT(errno == EINVAL);
	EXPECT(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, 99, 0) == MAP_FAILED && errno == EBADF);
	EXPECT(mmap(NULL, 1UL << 50, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
	EXPECT(errno == ENOMEM);
	EXPECT(mmap((void *)0xffffffff80000000, PAGE, PROT_READ,
	            MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED);
	EXPECT(errno == ENOMEM || errno == EINVAL);
	EXPECT_ERROR(EINVAL, munmap((void *)1, PAGE));
	EXPECT_ERROR(EINVAL, munmap((void *)0xffffffff80000000, PAGE));
}

static void test_break(void)
{
	char *start = (char *)syscall(SYS_brk, 0), *end;

	end = (char *)syscall(SYS_brk, start + 5 * PAGE);
	EXPECT(end == start + 5 * PAGE);
	memset(start, 'x', 5 * PAGE);
	EXPECT((char *)syscall(SYS_brk, start + PAGE) == start + PAGE);
	EXPECT((char *)syscall(SYS_brk, start + 2 * PAGE) == start + 2 * PAGE);
	EXPECT(start[0] == 'x' && start[PAGE] == 0);
	/* What cannot be granted leaves the break where it was. */
	EXPECT((char *)syscall(SYS_brk, 0xffffffff80000000) == start + 2 * PAGE);
	EXPECT((char *)syscall(SYS_brk, start) == start);
}

int main(void)
{
	struct sigaction action = {.sa_handler = leave};

	sigaction(SIGSEGV, &action, NULL);
	test_anonymous();
	test_fixed();
	test_protection();
	test_file();
	test_wrong_arguments();
	test_break();
	return expect_result();
}
