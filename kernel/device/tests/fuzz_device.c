/* SPDX-License-Identifier: MIT
 *
 * Disks and interfaces whose device answers as a seed says (fuzz_disk.c, fuzz_interface.c).
 * Whatever it does, no memory that the device may write goes to anybody else.
 *
 *   fuzz_device [--seed N] [--count N]
 *
 * One seed a process, which the sanitizers watch. The last line is 'N seeds: N failed'; exit 1 when
 * one failed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <kernel/device/device.h>

#include "fuzz.h"
#include "hostile.h"

#define PATIENCE 20 /* seconds that a seed may take */

static uint64_t state;

uint32_t roll(uint32_t below)
{
	state = state * 6364136223846793005UL + 1442695040888963407UL;
	return (uint32_t)((state >> 33) % below);
}

bool chance(uint32_t per_mille)
{
	return roll(1000) < per_mille;
}

_Noreturn void fail(const char *what)
{
	fprintf(stderr, "%s\n", what);
	abort();
}

static int run(uint64_t seed)
{
	static const uint32_t malices[] = {0, 5, 50, 200};

	state = seed * 0x9e3779b97f4a7c15UL + 1;
	alarm(PATIENCE);
	if (seed % 2)
		fuzz_disk(malices[roll(4)]);
	else
		fuzz_interface(malices[roll(4)]);
	return 0;
}

/* A line that is never lowered: it is let be until the next tick, each time. */
static int storm(void)
{
	hostile_add(VIRTIO_BLOCK, 0);
	for (unsigned int tick = 0; tick < 3; tick++) {
		unsigned int taken = 0;

		for (; hostile_is_admitted && taken < 100000; taken++)
			device_interrupt(0);
		if (hostile_is_admitted || taken < 10 || taken > 1000)
			fail("a line that stays up is not let be");
		devices_tick();
		if (!hostile_is_admitted)
			fail("a line is let be for good");
	}
	return 0;
}

/* Seed 0: the storm. */
static bool fails(uint64_t seed)
{
	pid_t child = fork();
	int status = 0;

	if (child == 0)
		_exit(seed ? run(seed) : storm());
	if (child < 0 || waitpid(child, &status, 0) < 0 || status != 0) {
		printf("seed %lu failed: status %x\n", seed, (unsigned int)status);
		return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	uint64_t first = 1, count = 200, failed = 0;

	for (int i = 1; i + 1 < argc; i += 2) {
		if (strcmp(argv[i], "--seed") == 0)
			first = strtoull(argv[i + 1], NULL, 10);
		else if (strcmp(argv[i], "--count") == 0)
			count = strtoull(argv[i + 1], NULL, 10);
	}
	failed += fails(0);
	for (uint64_t seed = first; seed < first + count; seed++)
		failed += fails(seed);
	printf("%lu seeds: %lu failed\n", count, failed);
	return failed ? 1 : 0;
}
