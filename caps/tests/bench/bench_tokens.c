/* SPDX-License-Identifier: MIT
 *
 * What the token functions cost on this machine, beside a plain call, an atomic load and a system
 * call in the same run. One line each: name, live tokens, cycles of the time stamp counter and
 * nanoseconds; the median of BATCHES batches.
 */
#include <aramid/cap_host.h>
#include <aramid/cap_token.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>
#include <x86intrin.h>

enum { BATCHES = 101, BATCH = 200, KIND = CAP_KIND_net_access, BYSTANDER = 1, OWNER = 2 };

static struct cap_token tokens[BATCH];
static unsigned long atomic_word;
static double cycles_per_ns;

__attribute__((noinline)) static void plain_call(unsigned int i)
{
	__asm__ volatile("" : : "r"(i));
}

static void atomic_load(unsigned int i)
{
	(void)i;
	(void)__atomic_load_n((volatile unsigned long *)&atomic_word, __ATOMIC_ACQUIRE);
}

static void system_call(unsigned int i)
{
	(void)i;
	syscall(SYS_getpid);
}

static void validate(unsigned int i)
{
	cap_token_validate(tokens[i], KIND);
}

static void mint(unsigned int i)
{
	tokens[i] = cap_token_mint(KIND, OWNER);
}

static void delegate(unsigned int i)
{
	cap_token_delegate(tokens[i], KIND, OWNER);
}

static void revoke_one(unsigned int i)
{
	cap_token_revoke_one(tokens[i], KIND);
}

static void nothing(void)
{
}

static void end_tokens(void)
{
	cap_token_revoke_owner(OWNER);
}

static void make_tokens(void)
{
	unsigned int i;

	end_tokens();
	for (i = 0; i < BATCH; i++)
		mint(i);
}

/* Not under measurement: what comes before and after a batch. */
static const struct row {
	const char *name;
	void (*before)(void);
	void (*measured)(unsigned int i);
	void (*after)(void);
	unsigned char of_tokens;
} rows[] = {
        {"plain call", nothing, plain_call, nothing, 0},
        {"atomic load", nothing, atomic_load, nothing, 0},
        {"getpid", nothing, system_call, nothing, 0},
        {"validate", make_tokens, validate, end_tokens, 1},
        {"mint", nothing, mint, end_tokens, 1},
        {"delegate", make_tokens, delegate, end_tokens, 1},
        {"revoke_one", make_tokens, revoke_one, end_tokens, 1},
};

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median_cycles(const struct row *row)
{
	double batches[BATCHES];
	unsigned int batch, i;

	for (batch = 0; batch < BATCHES; batch++) {
		unsigned long long start;

		row->before();
		start = __rdtsc();
		for (i = 0; i < BATCH; i++)
			row->measured(i);
		batches[batch] = (double)(__rdtsc() - start) / (double)BATCH;
		row->after();
	}
	qsort(batches, BATCHES, sizeof(batches[0]), compare);
	return batches[BATCHES / 2];
}

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static void measure_clock(void)
{
	double start_ns = now_ns();
	unsigned long long start = __rdtsc();

	while (now_ns() - start_ns < 5e7)
		;
	cycles_per_ns = (double)(__rdtsc() - start) / (now_ns() - start_ns);
}

static void report(const struct row *row, unsigned int live)
{
	double cycles = median_cycles(row);

	printf("%s;%u;%.0f;%.1f\n", row->name, live, cycles, cycles / cycles_per_ns);
}

int main(void)
{
	static const unsigned int lives[] = {1, 100, 10000};
	unsigned int live = 0, at, row;

	if (!cap_init())
		return 1;
	cap_enter(OWNER);
	measure_clock();
	for (row = 0; row < sizeof(rows) / sizeof(rows[0]); row++)
		if (!rows[row].of_tokens)
			report(&rows[row], 0);
	for (at = 0; at < sizeof(lives) / sizeof(lives[0]); at++) {
		for (; live < lives[at]; live++)
			if (!cap_token_is_granted(cap_token_mint(KIND, BYSTANDER)))
				return 1;
		for (row = 0; row < sizeof(rows) / sizeof(rows[0]); row++)
			if (rows[row].of_tokens)
				report(&rows[row], live);
	}
	return 0;
}
