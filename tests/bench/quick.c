/* SPDX-License-Identifier: MIT
 *
 * Instructions an operation takes, for a machine whose time stamp counter counts instructions
 * (`./aramid boot --icount`). One line a row: NAME: MEDIAN MINIMUM MAXIMUM SAMPLES.
 * The cost of reading the counter is taken off.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOST_SAMPLES 1001
#define PAGE         4096

static uint64_t samples[MOST_SAMPLES], overhead;
static int zero, null, ends[2];
static char *page;
static volatile int handled;

static inline uint64_t counter(void)
{
	uint32_t low, high;

	__asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high)::"memory");
	return ((uint64_t)high << 32) | low;
}

static void fail(const char *what)
{
	perror(what);
	exit(1);
}

static void do_nothing(void)
{
}

static void do_getpid(void)
{
	syscall(SYS_getpid);
}

static void do_read(void)
{
	char byte;

	if (read(zero, &byte, 1) != 1)
		fail("read");
}

static void do_write(void)
{
	if (write(null, "x", 1) != 1)
		fail("write");
}

static void do_stat(void)
{
	struct stat st;

	if (stat("/etc/motd", &st) < 0)
		fail("stat");
}

static void do_open(void)
{
	int fd = open("/etc/motd", O_RDONLY);

	if (fd < 0 || close(fd) < 0)
		fail("open");
}

static void do_create(void)
{
	int fd = open("/tmp/bench", O_RDWR | O_CREAT | O_EXCL, 0600);

	if (fd < 0 || close(fd) < 0 || unlink("/tmp/bench") < 0)
		fail("creat");
}

static void do_pipe(void)
{
	char byte = 'x';

	if (write(ends[1], &byte, 1) != 1 || read(ends[0], &byte, 1) != 1)
		fail("pipe");
}

static void do_yield(void)
{
	sched_yield();
}

static void do_map(void)
{
	void *got = mmap(NULL, 4 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (got == MAP_FAILED || munmap(got, 4 << 20) < 0)
		fail("mmap");
}

static void do_fault(void)
{
	*(volatile char *)page = 1;
	page += PAGE;
}

static void handle(int number)
{
	(void)number;
	handled++;
}

static void do_signal(void)
{
	kill(getpid(), SIGUSR1);
}

static void reap(pid_t child)
{
	int status;

	if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
		fail("fork");
}

static void do_fork(void)
{
	pid_t child = fork();

	if (child == 0)
		_exit(0);
	reap(child);
}

static void do_vfork(void)
{
	pid_t child = vfork();

	if (child == 0)
		_exit(0);
	reap(child);
}

static void do_exec(void)
{
	pid_t child = fork();

	if (child == 0) {
		/* This program again, which does nothing when it has an argument. */
		execl("/proc/self/exe", "quick", "exit", (char *)NULL);
		_exit(1);
	}
	reap(child);
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* Some runs first, unmeasured: caches of the kernel fill, pages come in. */
static uint64_t measure(const char *name, void (*operation)(void), int count)
{
	for (int i = 0; i < 8; i++)
		operation();
	for (int i = 0; i < count; i++) {
		uint64_t start = counter();

		operation();
		samples[i] = counter() - start;
	}
	qsort(samples, (size_t)count, sizeof(samples[0]), compare);
	if (name)
		printf("%s: %lu %lu %lu %d\n", name, samples[count / 2] - overhead,
		       samples[0] - overhead, samples[count - 1] - overhead, count);
	return samples[count / 2];
}

static const struct {
	const char *name;
	void (*operation)(void);
	int count;
} rows[] = {
        {"getpid", do_getpid, 1001},
        {"read 1 byte /dev/zero", do_read, 1001},
        {"write 1 byte /dev/null", do_write, 1001},
        {"stat", do_stat, 501},
        {"open+close", do_open, 501},
        {"creat+unlink", do_create, 201},
        {"pipe 1+1 bytes", do_pipe, 501},
        {"sched_yield", do_yield, 501},
        {"mmap+munmap 4 MB", do_map, 201},
        {"signal to self with handler", do_signal, 501},
        {"fork+exit+wait", do_fork, 101},
        {"vfork+exit+wait", do_vfork, 101},
        {"fork+exec+wait", do_exec, 51},
        /* Last: the pages that it touches would make each fork dearer. */
        {"anonymous page fault", do_fault, 501},
};

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		return 0;
	zero = open("/dev/zero", O_RDONLY);
	null = open("/dev/null", O_WRONLY);
	page = mmap(NULL, 1024 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (zero < 0 || null < 0 || page == MAP_FAILED || pipe(ends) < 0)
		fail("setting up");
	signal(SIGUSR1, handle);
	overhead = measure(NULL, do_nothing, 1001);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		measure(rows[i].name, rows[i].operation, rows[i].count);
		/* The next fork must not copy unwritten lines. */
		fflush(stdout);
	}
	return 0;
}
