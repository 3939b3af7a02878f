/* SPDX-License-Identifier: MIT
 *
 * What the user copies cost on this machine, each way of copying beside the others: docs/memory.md
 * has its figures and user_copy_plan.c its borders from here. Instructions are counted step by
 * step, each repetition of a string instruction as one; cycles are the time-stamp counter's, the
 * best of many rounds.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

#include <arch/user_access.h>
#include <arch/user_copy_plan.h>

#define ROUNDS 25
#define BYTES  (1u << 16) /* a round copies about so many */
#define MOST   (64u << 10)

static char from[MOST + 64] __attribute__((aligned(4096)));
static char to[MOST + 64] __attribute__((aligned(4096)));

static const struct user_copy_plan plans[] = {{SIZE_MAX, false}, {0, false}, {0, true}};
static const char *const names[] = {"words", "rep movsq", "rep movsb"};

#define WAYS (sizeof(plans) / sizeof(plans[0]))

static double cycles(size_t size)
{
	unsigned int copies = BYTES / (unsigned int)size + 1;
	double best = 1e18;

	for (int round = 0; round < ROUNDS; round++) {
		uint64_t start = __rdtsc();

		for (unsigned int i = 0; i < copies; i++)
			if (user_copy_in(to, from, size) != 0)
				abort();
		start = __rdtsc() - start;
		if ((double)start / copies < best)
			best = (double)start / copies;
	}
	return best;
}

static bool is_in_the_copy(uint64_t rip)
{
	return rip >= (uint64_t)user_copy_in && rip < (uint64_t)user_copy_out;
}

/* Of a child that is stepped through one copy. */
static unsigned long instructions(size_t size)
{
	struct user_regs_struct registers;
	unsigned long count = 0;
	pid_t child = fork();
	int status;

	if (child == 0) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		_exit(user_copy_in(to, from, size) != 0);
	}
	while (waitpid(child, &status, 0) == child && WIFSTOPPED(status)) {
		ptrace(PTRACE_GETREGS, child, NULL, &registers);
		count += is_in_the_copy(registers.rip);
		ptrace(PTRACE_SINGLESTEP, child, NULL, NULL);
	}
	return count;
}

static double cycles_a_second(void)
{
	struct timespec start, now;
	uint64_t tsc = __rdtsc();

	clock_gettime(CLOCK_MONOTONIC, &start);
	do
		clock_gettime(CLOCK_MONOTONIC, &now);
	while ((now.tv_sec - start.tv_sec) * 1000000000L + now.tv_nsec - start.tv_nsec <
	       100000000L);
	return (double)(__rdtsc() - tsc) * 10;
}

int main(void)
{
	static const size_t sizes[] = {1,   8,   31,   64,   100,  256, 384,
	                               512, 768, 1024, 2048, 4096, MOST};
	double frequency = cycles_a_second();

	printf("| bytes | %s: instructions | cycles | MB/s | %s | | | %s | | |\n"
	       "|---|---|---|---|---|---|---|---|---|---|\n",
	       names[0], names[1], names[2]);
	for (unsigned int i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		printf("| %zu |", sizes[i]);
		for (unsigned int way = 0; way < WAYS; way++) {
			double cost;

			user_copy_plan = plans[way];
			cost = cycles(sizes[i]);
			printf(" %lu | %.0f | %.0f |", instructions(sizes[i]), cost,
			       frequency / cost * (double)sizes[i] / 1e6);
			fflush(stdout);
		}
		printf("\n");
	}
	return 0;
}
