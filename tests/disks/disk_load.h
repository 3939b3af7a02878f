/* SPDX-License-Identifier: MIT
 *
 * What the programs of the disks' campaigns share: numbers by seed, and an end that says why.
 */
#pragma once

#include <stdint.h>

/* A number below a bound; the same ones for the same seed. */
void random_start(uint64_t seed);
uint64_t random_next(void);
uint64_t random_below(uint64_t bound);

/* Say what is wrong, with errno, and end with status 1. */
_Noreturn void fail(const char *what, const char *name);

/* The modes of disk_load; the exit status. */
int write_and_sync(const char *directory, uint64_t seed);
int operate(const char *directory, uint64_t seed, uint64_t count);
int spoil(const char *disk, const char *original, uint64_t seed, uint64_t count);
