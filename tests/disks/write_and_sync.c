/* SPDX-License-Identifier: MIT
 *
 * What a power cut must leave. Each round changes one thing and syncs it, and is said then; so of
 * all that is found after a cut only what the round after the last one said was about may be newer.
 * cuts.py knows the same rules:
 *
 *   round N is of kind N % 3, with bytes that are N's alone
 *   0   file replace-K: written as a new file, synced, renamed over the old one, the directory
 * synced 1   file log: a record is appended, and synced (fdatasync) 2   file pages: one page of its
 * 16 is written over, and synced
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "disk_load.h"

#define REPLACED 5u
#define PAGES    16u
#define PAGE     4096u

/* Bytes of a round: words that count up from a number of its own. */
static void fill(uint64_t *words, uint64_t count, uint64_t seed, uint64_t round)
{
	for (uint64_t i = 0; i < count; i++)
		words[i] = (seed << 48) + (round << 16) + i;
}

static void write_all(int fd, const void *bytes, size_t size, const char *name)
{
	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
		fail("write", name);
}

static void replace(int directory, uint64_t seed, uint64_t round)
{
	static uint64_t words[8192];
	uint64_t count = 1 + round * 37 % 8192;
	char name[32];
	int fd = openat(directory, "new", O_WRONLY | O_CREAT | O_TRUNC, 0644);

	snprintf(name, sizeof(name), "replace-%u", (unsigned int)(round / 3 % REPLACED));
	fill(words, count, seed, round);
	write_all(fd, words, count * sizeof(words[0]), name);
	if (fsync(fd) || close(fd) || renameat(directory, "new", directory, name) ||
	    fsync(directory))
		fail("replace", name);
}

static void append(int fd, uint64_t seed, uint64_t round)
{
	static uint64_t words[512];
	uint64_t count = 2 + round * 29 % 510;

	fill(words, count, seed, round);
	words[0] = count;
	words[1] = round;
	write_all(fd, words, count * sizeof(words[0]), "log");
	if (fdatasync(fd))
		fail("fdatasync", "log");
}

static void write_over(int fd, uint64_t seed, uint64_t round)
{
	static uint64_t words[PAGE / sizeof(uint64_t)];
	off_t at = (off_t)(round * 7 % PAGES * PAGE);

	fill(words, PAGE / sizeof(uint64_t), seed, round);
	if (pwrite(fd, words, PAGE, at) != PAGE || fdatasync(fd))
		fail("write over", "pages");
}

int write_and_sync(const char *path, uint64_t seed)
{
	static const uint64_t zeroes[PAGES * PAGE / sizeof(uint64_t)];
	int directory = open(path, O_RDONLY | O_DIRECTORY), log, pages;

	if (directory < 0)
		fail("open", path);
	log = openat(directory, "log", O_WRONLY | O_CREAT | O_APPEND, 0644);
	pages = openat(directory, "pages", O_RDWR | O_CREAT, 0644);
	write_all(pages, zeroes, sizeof(zeroes), "pages");
	if (log < 0 || fsync(pages) || fsync(log) || fsync(directory))
		fail("begin", path);
	printf("synced %s 0\n", path);
	for (uint64_t round = 1;; round++) {
		if (round % 3 == 0)
			replace(directory, seed, round);
		else if (round % 3 == 1)
			append(log, seed, round);
		else
			write_over(pages, seed, round);
		printf("synced %s %llu\n", path, (unsigned long long)round);
	}
}
