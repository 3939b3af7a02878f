/* SPDX-License-Identifier: MIT
 *
 * The load of the disks' campaigns, in the guest:
 *
 *   disk_load write DIRECTORY SEED
 *       writes and syncs without an end; "synced DIRECTORY N": the Nth round is on the disk
 *   disk_load operate DIRECTORY SEED COUNT
 *       operations by seed against a model; the directory's disk (/dev/vda) is unmounted and
 *       mounted in between
 *   disk_load spoil DISK ORIGINAL SEED COUNT
 *       writes broken copies of one disk to another, mounts each at /spoiled and uses it
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "disk_load.h"

static uint64_t state;

void random_start(uint64_t seed)
{
	state = seed * 0x9e3779b97f4a7c15u + 1;
}

/* xorshift64* (Marsaglia; Vigna). */
uint64_t random_next(void)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return state * 0x2545f4914f6cdd1du;
}

uint64_t random_below(uint64_t bound)
{
	return (random_next() >> 11) % bound;
}

_Noreturn void fail(const char *what, const char *name)
{
	printf("wrong: %s %s: %s\n", what, name, strerror(errno));
	exit(1);
}

int main(int count, char **words)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (count == 4 && strcmp(words[1], "write") == 0)
		return write_and_sync(words[2], strtoull(words[3], NULL, 10));
	if (count == 5 && strcmp(words[1], "operate") == 0)
		return operate(words[2], strtoull(words[3], NULL, 10),
		               strtoull(words[4], NULL, 10));
	if (count == 6 && strcmp(words[1], "spoil") == 0)
		return spoil(words[2], words[3], strtoull(words[4], NULL, 10),
		             strtoull(words[5], NULL, 10));
	fprintf(stderr, "usage: disk_load write|operate|spoil ...\n");
	return 2;
}
