/* SPDX-License-Identifier: MIT
 *
 * The kernel's library in each process: what it answers is what the system calls answer, and it
 * cannot be written to. Found as a C library finds it (vdso(7)), by hand, so that it is it that is
 * called.
 */
#include <elf.h>
#include <link.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>

#include "expect.h"

#define ROUNDS 2000
#define STEP   1000000000LL /* by which the wall clock is set back and forth */

typedef long library_function(long, void *, void *);

static const ElfW(Ehdr) * library;

/* By the hash table, whose second word says how many symbols there are. */
static library_function *find(const char *name)
{
	const char *base = (const char *)library, *strings = NULL;
	const ElfW(Phdr) *segment = (const void *)(base + library->e_phoff);
	const ElfW(Sym) *symbols = NULL;
	const Elf32_Word *hash = NULL;
	const ElfW(Dyn) *row = NULL;

	for (int i = 0; i < library->e_phnum; i++)
		if (segment[i].p_type == PT_DYNAMIC)
			row = (const void *)(base + segment[i].p_vaddr);
	for (; row && row->d_tag != DT_NULL; row++) {
		if (row->d_tag == DT_STRTAB)
			strings = base + row->d_un.d_ptr;
		if (row->d_tag == DT_SYMTAB)
			symbols = (const void *)(base + row->d_un.d_ptr);
		if (row->d_tag == DT_HASH)
			hash = (const void *)(base + row->d_un.d_ptr);
	}
	for (Elf32_Word i = 0; hash && i < hash[1]; i++)
		if (strcmp(strings + symbols[i].st_name, name) == 0)
			return (library_function *)(base + symbols[i].st_value);
	EXPECT(!"the library has it");
	exit(1);
}

static long long ns(const struct timespec *time)
{
	return time->tv_sec * 1000000000LL + time->tv_nsec;
}

/* Between two answers of the kernel lies the library's, and between two of the library's the
 * kernel's. */
static void test_clock(int clock)
{
	library_function *gettime = find("__vdso_clock_gettime");
	struct timespec now[4];

	for (int round = 0; round < ROUNDS; round++) {
		EXPECT(syscall(SYS_clock_gettime, clock, &now[0]) == 0);
		EXPECT(gettime(clock, &now[1], NULL) == 0);
		EXPECT(syscall(SYS_clock_gettime, clock, &now[2]) == 0);
		EXPECT(gettime(clock, &now[3], NULL) == 0);
		for (int i = 0; i < 3; i++)
			EXPECT(ns(&now[i]) <= ns(&now[i + 1]));
		EXPECT(now[1].tv_nsec >= 0 && now[1].tv_nsec < 1000000000);
	}
	EXPECT(ns(&now[3]) - ns(&now[0]) < STEP);
}

static void test_other_clocks(void)
{
	library_function *gettime = find("__vdso_clock_gettime"),
	                 *getres = find("__vdso_clock_getres");
	struct timespec time, same;

	for (int clock = -3; clock < 40; clock++) {
		long kernel = syscall(SYS_clock_gettime, clock, &time) ? -errno : 0;

		EXPECT(gettime(clock, &same, NULL) == kernel);
		kernel = syscall(SYS_clock_getres, clock, &time) ? -errno : 0;
		EXPECT(getres(clock, &same, NULL) == kernel);
		EXPECT(kernel || ns(&time) == ns(&same));
	}
}

static void test_time_of_day(void)
{
	library_function *gettimeofday = find("__vdso_gettimeofday"), *time = find("__vdso_time");
	struct timezone zone = {1, 1};
	struct timeval before, now, after;
	long seconds;

	EXPECT(syscall(SYS_gettimeofday, &before, NULL) == 0);
	EXPECT(gettimeofday((long)&now, &zone, NULL) == 0);
	EXPECT(syscall(SYS_gettimeofday, &after, NULL) == 0);
	EXPECT(timercmp(&before, &now, <=) && timercmp(&now, &after, <=));
	EXPECT(zone.tz_minuteswest == 0 && zone.tz_dsttime == 0);
	EXPECT(gettimeofday(0, NULL, NULL) == 0);
	EXPECT(time((long)&seconds, NULL, NULL) == seconds && seconds >= after.tv_sec);
	EXPECT(time(0, NULL, NULL) <= syscall(SYS_time, NULL));
}

/* The thread may move between two questions, but not so often. */
static void test_cpu(void)
{
	library_function *getcpu = find("__vdso_getcpu");
	unsigned int ours, kernels, node = 7, same = 0;

	for (int round = 0; round < ROUNDS; round++) {
		EXPECT(getcpu((long)&ours, &node, NULL) == 0 && node == 0);
		EXPECT(syscall(SYS_getcpu, &kernels, NULL, NULL) == 0);
		same += ours == kernels;
	}
	EXPECT(same > ROUNDS * 9 / 10);
	EXPECT(getcpu(0, NULL, NULL) == 0);
}

static volatile int stop;

/* Sets the wall clock back and forth, and so writes the page all the time. */
static void *set_clock(void *unused)
{
	struct timespec time;

	while (!stop) {
		clock_gettime(CLOCK_REALTIME, &time);
		time.tv_sec += time.tv_sec % 2 ? 1 : -1;
		EXPECT(syscall(SYS_clock_settime, CLOCK_REALTIME, &time) == 0);
	}
	return unused;
}

/* While another thread changes the page there is no half of one clock and half of the other. */
static void test_clock_under_change(void)
{
	library_function *gettime = find("__vdso_clock_gettime");
	struct timespec wall, before, now;
	pthread_t thread;

	EXPECT(syscall(SYS_clock_gettime, CLOCK_REALTIME, &wall) == 0);
	EXPECT(pthread_create(&thread, NULL, set_clock, NULL) == 0);
	gettime(CLOCK_MONOTONIC, &before, NULL);
	for (int round = 0; round < 20 * ROUNDS; round++) {
		EXPECT(gettime(CLOCK_MONOTONIC, &now, NULL) == 0 && ns(&now) >= ns(&before));
		EXPECT(ns(&now) - ns(&before) < 10 * STEP);
		before = now;
	}
	stop = 1;
	pthread_join(thread, NULL);
	/* What was set is seen at once. */
	EXPECT(syscall(SYS_clock_settime, CLOCK_REALTIME, &wall) == 0);
	EXPECT(gettime(CLOCK_REALTIME, &now, NULL) == 0);
	EXPECT(ns(&now) >= ns(&wall) && ns(&now) - ns(&wall) < STEP);
}

static sigjmp_buf back;

static void leave(int number)
{
	(void)number;
	siglongjmp(back, 1);
}

static int write_faults(volatile char *place)
{
	if (sigsetjmp(back, 1))
		return 1;
	*place = 1;
	return 0;
}

static void test_nobody_writes(void)
{
	char *page = (char *)library;

	EXPECT(write_faults(page) && write_faults(page - 4096));
	EXPECT_ERROR(EACCES, mprotect(page, 4096, PROT_READ | PROT_WRITE | PROT_EXEC));
	EXPECT_ERROR(EACCES, mprotect(page - 4096, 4096, PROT_READ | PROT_WRITE));
}

int main(void)
{
	static const int clocks[] = {CLOCK_REALTIME,         CLOCK_MONOTONIC,
	                             CLOCK_MONOTONIC_RAW,    CLOCK_REALTIME_COARSE,
	                             CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME};

	signal(SIGSEGV, leave);
	library = (const void *)getauxval(AT_SYSINFO_EHDR);
	EXPECT(library && memcmp(library->e_ident, ELFMAG, SELFMAG) == 0);
	for (size_t i = 0; i < sizeof(clocks) / sizeof(clocks[0]); i++)
		test_clock(clocks[i]);
	test_other_clocks();
	test_time_of_day();
	test_cpu();
	test_clock_under_change();
	test_nobody_writes();
	return expect_result();
}
