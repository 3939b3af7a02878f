/* SPDX-License-Identifier: MIT
 *
 * fuzz SEED COUNT checked|unchecked: makes COUNT system calls or some more, in rounds of worker
 * processes. After each round all that they made must end. Prints what was called, and what
 * was wrong; status 0: nothing was, 1: something, 2: wrong usage, 3: something does not end.
 *
 * Half of the workers are root, the others users of their own.
 */
#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fuzz.h"

#define PLACE        "/tmp/fuzz"
#define KEPT         "/tmp/fuzz.kept"
#define CALLS_EACH   64      /* of each thread in a round */
#define STEP_NS      1000000 /* between looks at the workers */
#define STALL_STEPS  8       /* without a call: the waiting ones are woken */
#define ROUND_STEPS  3000    /* a worker that lost its count of calls goes on for ever */
#define WAKES        3       /* then they are ended */
#define END_SECONDS  30      /* for what was killed */
#define PROCESS_MOST 64      /* that were there before */
#define END_STEPS    (END_SECONDS * 1000)

static struct control *control;
static int *shared;
static bool unchecked;
static int before[PROCESS_MOST];
static unsigned int before_count;

static _Noreturn void fail(const char *what)
{
	printf("fuzz: %s: %s\n", what, strerror(errno));
	exit(2);
}

static void step(void)
{
	nanosleep(&(struct timespec){.tv_nsec = STEP_NS}, NULL);
}

static bool was_before(int process)
{
	for (unsigned int i = 0; i < before_count; i++)
		if (before[i] == process)
			return true;
	return process == getpid();
}

/* Calls `each` for every process of /proc; how many there are that were not there before. */
static unsigned int for_strangers(void (*each)(int process))
{
	DIR *folder = opendir("/proc");
	struct dirent *entry;
	unsigned int count = 0;

	if (!folder)
		fail("/proc");
	while ((entry = readdir(folder))) {
		int process = atoi(entry->d_name);

		if (!isdigit((unsigned char)entry->d_name[0]) || was_before(process))
			continue;
		each(process);
		count++;
	}
	closedir(folder);
	return count;
}

static void keep(int process)
{
	if (before_count == PROCESS_MOST)
		fail("too many processes");
	before[before_count++] = process;
}

static void end(int process)
{
	kill(process, SIGKILL);
}

static void show_call(const char *what, unsigned int call, const uint64_t *arguments)
{
	printf("%s%s(", what, calls[call].name);
	for (unsigned int i = 0; i < calls[call].count; i++)
		printf("%s0x%lx", i ? ", " : "", (unsigned long)arguments[i]);
	printf(")");
}

static void show_slots(void)
{
	for (unsigned int i = 0; i < WORKERS * THREADS; i++) {
		const struct slot *slot = &control->slots[i / THREADS][i % THREADS];

		printf("worker %u, task %d: ", i / THREADS, slot->task);
		show_call("", slot->call, slot->arguments);
		printf("\n");
	}
}

static void show_stranger(int process)
{
	printf("hang: process %d does not end\n", process);
}

static void reap(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

/* All that the workers brought forth is killed, and must be gone in time. */
static void end_strangers(void)
{
	for (unsigned int i = 0; i < END_STEPS; i++) {
		if (for_strangers(end) == 0)
			return;
		reap();
		step();
		reap();
	}
	for_strangers(show_stranger);
	show_slots();
	exit(3);
}

static uint64_t calls_made(void)
{
	uint64_t total = 0;

	for (unsigned int i = 0; i < call_count; i++)
		total += __atomic_load_n(&control->made[i], __ATOMIC_RELAXED);
	return total;
}

static void wake_all(void)
{
	for (unsigned int i = 0; i < WORKERS * THREADS; i++) {
		int task = control->slots[i / THREADS][i % THREADS].task;

		if (task > 0)
			syscall(SYS_tkill, task, SIGUSR1);
	}
}

/* Until the workers have ended, wait for what does not come, or do not end. */
static void watch(void)
{
	uint64_t last = calls_made();
	unsigned int idle = 0, wakes = 0;

	for (unsigned int steps = 0; steps < ROUND_STEPS; steps++) {
		uint64_t now;

		reap();
		if (waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD)
			return;
		step();
		now = calls_made();
		idle = now == last ? idle + 1 : 0;
		last = now;
		if (idle < STALL_STEPS)
			continue;
		if (wakes++ == WAKES)
			return;
		wake_all();
		idle = 0;
	}
}

static void start_worker(uint64_t seed, uint64_t round, unsigned int worker)
{
	static struct maker maker;
	char folder[64];
	int child = -1;

	snprintf(folder, sizeof(folder), PLACE "/%u", worker);
	if (mkdir(folder, 0777) < 0 || chmod(folder, 0777) < 0)
		fail(folder);
	for (unsigned int tries = 0; tries < 1000 && child < 0; tries++) {
		child = fork();
		if (child < 0)
			step();
	}
	if (child < 0)
		fail("fork");
	if (child > 0)
		return;
	if (chdir(folder) < 0)
		fail(folder);
	maker.random = random_seed(seed, round, worker);
	maker.unchecked = unchecked;
	maker.privileged = worker % 2 == 0;
	maker.memory.shared = shared;
	maker.control = control;
	maker.slot = control->slots[worker];
	run_worker(&maker, worker, CALLS_EACH);
}

static void remove_all(void)
{
	int status, child = fork();

	if (child == 0) {
		execl("/bin/rm", "rm", "-rf", PLACE, (char *)NULL);
		_exit(127);
	}
	if (child < 0 || waitpid(child, &status, 0) != child || status != 0)
		fail("rm -rf " PLACE);
}

/* Rounds in which a worker called nothing: it ended at its start. */
static uint64_t silent[WORKERS];

static void count_silent(void)
{
	for (unsigned int i = 0; i < WORKERS; i++) {
		uint64_t made = 0;

		for (unsigned int j = 0; j < THREADS; j++)
			made += control->slots[i][j].calls;
		silent[i] += made == 0;
	}
}

/* Another worker may end one before its first call, but not time and again. */
static void check_silent(uint64_t rounds)
{
	for (unsigned int i = 0; i < WORKERS; i++)
		if (silent[i] * 4 > rounds) {
			printf("wrong: worker %u called nothing in %lu of %lu rounds\n", i,
			       (unsigned long)silent[i], (unsigned long)rounds);
			control->wrong_count++;
		}
}

static void run_round(uint64_t seed, uint64_t round)
{
	memset(control->slots, 0, sizeof(control->slots));
	memset(shared, 0, PAGE);
	if (mkdir(PLACE, 0777) < 0)
		fail(PLACE);
	for (unsigned int worker = 0; worker < WORKERS; worker++)
		start_worker(seed, round, worker);
	watch();
	count_silent();
	end_strangers();
	remove_all();
}

/* A file that no worker knows. */
static void check_kept(void)
{
	char found[8] = "";
	int fd = open(KEPT, O_RDONLY);

	if (fd < 0 || read(fd, found, sizeof(found)) != 4 || memcmp(found, "kept", 4) != 0) {
		printf("wrong: " KEPT " is another\n");
		control->wrong_count++;
	}
	close(fd);
}

static void make_kept(void)
{
	int fd = open(KEPT, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (fd < 0 || write(fd, "kept", 4) != 4)
		fail(KEPT);
	close(fd);
}

static int report(void)
{
	unsigned int made = 0, succeeded = 0, most = control->wrong_count;

	for (unsigned int i = 0; i < call_count; i++) {
		made += control->made[i] > 0;
		succeeded += control->succeeded[i] > 0;
	}
	printf("calls %lu, of %u kinds %u made and %u succeeded\n", (unsigned long)calls_made(),
	       call_count, made, succeeded);
	printf("never succeeded:");
	for (unsigned int i = 0; i < call_count; i++)
		if (control->succeeded[i] == 0)
			printf(" %s", calls[i].name);
	printf("\n");
	for (unsigned int i = 0; i < most && i < WRONG_MOST; i++) {
		if (control->wrong[i].result == 0)
			continue;
		show_call("wrong: ", control->wrong[i].call, control->wrong[i].arguments);
		printf(" = %ld\n", control->wrong[i].result);
	}
	return most ? 1 : 0;
}

static void *shared_pages(size_t size)
{
	void *pages = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		fail("mmap");
	memset(pages, 0, size);
	return pages;
}

int main(int argc, char **argv)
{
	uint64_t seed, count, round;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc != 4 || (strcmp(argv[3], "checked") != 0 && strcmp(argv[3], "unchecked") != 0)) {
		printf("usage: fuzz SEED COUNT checked|unchecked\n");
		return 2;
	}
	seed = strtoull(argv[1], NULL, 10);
	count = strtoull(argv[2], NULL, 10);
	unchecked = strcmp(argv[3], "unchecked") == 0;
	control = shared_pages(sizeof(*control));
	shared = shared_pages(PAGE);
	for_strangers(keep);
	make_kept();
	for (round = 0; calls_made() < count; round++) {
		run_round(seed, round);
		check_kept();
	}
	check_silent(round);
	unlink(KEPT);
	return report();
}
