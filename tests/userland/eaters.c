/* SPDX-License-Identifier: MIT
 *
 * Children that take all memory, each in another way. One that cannot be told "no" is killed, and
 * nobody else; one that can gets the error. Either way its memory is back when it has ended.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <time.h>

#include "expect.h"

#define PAGE         4096UL
#define TABLE_SPAN   (2UL << 20) /* of addresses behind one page of page tables */
#define LARGE_SPAN   (512UL << 30)
#define BOMB_SECONDS 2
#define SLACK_KIB    512  /* the shell may have come to need some meanwhile */
#define SAID_NO      3    /* exit status: an error ended it */
#define KEPT_KIB     1024 /* what the bystander has of its own */

static void *map(size_t size, int flags)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);
}

static void eat_pages(void)
{
	char *more;

	while ((more = map(PAGE << 8, MAP_PRIVATE)) != MAP_FAILED)
		memset(more, 1, PAGE << 8);
}

static void eat_shared_pages(void)
{
	char *more;

	while ((more = map(PAGE << 8, MAP_SHARED)) != MAP_FAILED)
		memset(more, 1, PAGE << 8);
}

/* Through the kernel: each page is touched first by a system call. */
static void eat_pages_by_reading(void)
{
	int zeros = open("/dev/zero", O_RDONLY);
	char *more;

	while ((more = map(PAGE << 8, MAP_PRIVATE)) != MAP_FAILED)
		if (read(zeros, more, PAGE << 8) < 0)
			break;
}

/* No page stays, only the tables that led to it. */
static void eat_tables(void)
{
	char *span = map(LARGE_SPAN, MAP_PRIVATE | MAP_NORESERVE);

	EXPECT(span != MAP_FAILED);
	for (size_t at = 0; at < LARGE_SPAN; at += TABLE_SPAN) {
		span[at] = 1;
		EXPECT(madvise(span + at, PAGE, MADV_DONTNEED) == 0);
	}
}

/* The machine has less than descriptors can hold. */
static void eat_pipes(void)
{
	static char some[PAGE];
	int ends[2];

	while (pipe2(ends, O_NONBLOCK) == 0)
		while (write(ends[1], some, sizeof(some)) > 0)
			;
	EXPECT(errno == ENOMEM);
}

static void eat_files(void)
{
	static char some[PAGE << 4];
	int file = open("/tmp/eaten", O_RDWR | O_CREAT | O_TRUNC, 0600);

	EXPECT(file >= 0 && unlink("/tmp/eaten") == 0);
	while (write(file, some, sizeof(some)) > 0)
		;
	EXPECT(errno == ENOSPC);
}

/* A region each, as their protections differ. */
static void eat_regions(void)
{
	char *span = map(LARGE_SPAN, MAP_PRIVATE | MAP_NORESERVE);

	for (size_t at = 0; at < LARGE_SPAN; at += 2 * PAGE)
		if (mprotect(span + at, PAGE, PROT_READ) != 0)
			break;
	EXPECT(errno == ENOMEM);
}

static time_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec;
}

/* Every process of it forks for as long as it lives. */
static void eat_processes(void)
{
	time_t end = now() + BOMB_SECONDS;

	signal(SIGCHLD, SIG_IGN);
	while (now() < end) {
		if (fork() > 0)
			usleep(1000);
	}
}

static const struct way {
	const char *name;
	void (*eat)(void);
	int may_be_told_no; /* an error is an answer too; without it only SIGKILL is */
} ways[] = {
        {"pages", eat_pages, 0},
        {"shared", eat_shared_pages, 0},
        {"reading", eat_pages_by_reading, 0},
        {"tables", eat_tables, 0},
        {"pipes", eat_pipes, 1},
        {"files", eat_files, 1},
        {"regions", eat_regions, 1},
        {"processes", eat_processes, 1},
};

static long free_kib(void)
{
	char text[512];
	int file = open("/proc/meminfo", O_RDONLY);
	ssize_t length = read(file, text, sizeof(text) - 1);
	const char *line;

	close(file);
	EXPECT(length > 0);
	text[length > 0 ? length : 0] = '\0';
	line = strstr(text, "MemFree:");
	EXPECT(line);
	return line ? strtol(line + strlen("MemFree:"), NULL, 10) : 0;
}

static int ended_rightly(const struct way *way, int status)
{
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == SIGKILL;
	return way->may_be_told_no && WEXITSTATUS(status) == SAID_NO;
}

/* What was eaten by children of children comes back when they have ended: for up to ten seconds. */
static int memory_is_back(long before)
{
	for (int i = 0; i < 1000; i++) {
		if (free_kib() >= before - SLACK_KIB)
			return 1;
		usleep(10000);
	}
	return 0;
}

static void try(const struct way *way)
{
	long before = free_kib();
	time_t start = now();
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		way->eat();
		_exit(expect_result() ? 1 : SAID_NO);
	}
	EXPECT(child > 0 && waitpid(child, &status, 0) == child);
	printf("%s: status %x after %ld s\n", way->name, (unsigned int)status,
	       (long)(now() - start));
	EXPECT(ended_rightly(way, status));
	EXPECT(memory_is_back(before));
}

int main(int argc, char **argv)
{
	char *kept = map(KEPT_KIB << 10, MAP_PRIVATE);

	memset(kept, 'k', KEPT_KIB << 10);
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++)
		if (argc < 2 || strcmp(argv[1], ways[i].name) == 0)
			try(&ways[i]);
	for (size_t i = 0; i < KEPT_KIB << 10; i++)
		EXPECT(kept[i] == 'k');
	return expect_result();
}
