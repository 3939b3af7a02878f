/* SPDX-License-Identifier: MIT
 *
 * PROGRAM DEPTH plain|cleans SAMPLES REPEATS
 *
 * A line a sample, of REPEATS failures each: what the time stamp counter says from where each
 * failure began to where it was caught, added up, and the nanoseconds of the processor that all of
 * them took, their calls included. The counter's own cost is taken off. Exit 2: this way's frames
 * cannot clean up.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "fail.h"

static uint64_t began;

void failure_begins(void)
{
	began = counter();
}

static uint64_t nanoseconds(void)
{
	struct timespec now = {0};

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* What two readings differ by with nothing in between, at the least. */
static uint64_t overhead(void)
{
	uint64_t least = UINT64_MAX;

	for (int i = 0; i < 100; i++) {
		failure_begins();
		uint64_t passed = counter() - began;

		if (passed < least)
			least = passed;
	}
	return least;
}

int main(int argc, char **argv)
{
	if (argc != 5)
		return 1;
	unsigned int depth = (unsigned int)atoi(argv[1]);
	int cleans = strcmp(argv[2], "cleans") == 0;
	int samples = atoi(argv[3]), repeats = atoi(argv[4]);
	uint64_t empty = overhead();

	if (cleans && !frames_can_clean)
		return 2;
	fail_at_depth(depth, cleans); /* tables come in, caches fill */
	for (int i = 0; i < samples; i++) {
		uint64_t counted = 0, start = nanoseconds();

		for (int j = 0; j < repeats; j++) {
			fail_at_depth(depth, cleans);
			counted += counter() - began - empty;
		}
		printf("%lu %lu\n", counted, nanoseconds() - start);
	}
	return 0;
}
