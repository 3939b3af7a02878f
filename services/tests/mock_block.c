/* SPDX-License-Identifier: MIT */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <kernel/block/block.h>
#include <kernel/boundary/core_calls.h>
#include <kernel/lib/errno.h>
#include <services/tests/mock_block.h>
#include <services/tests/mock_core.h>

/* The cache, what the device itself has, and what it had at first. */
static uint8_t *bytes, *stable, *loaded;
static uint64_t size_of_device;
static uint8_t *ranks; /* by page: 0 clean, else the highest rank and one */

/* What the call's writes covered, to be put back. */
static struct {
	uint64_t offset, size;
	uint8_t *old;
	uint32_t rank;
} *log;
static uint64_t log_count, log_room;

static uint64_t pages(void)
{
	return (size_of_device + BLOCK_PAGE - 1) / BLOCK_PAGE;
}

void mock_block_load(const char *path)
{
	struct stat status;
	int file = open(path, O_RDONLY);

	if (file < 0 || fstat(file, &status) != 0) {
		perror(path);
		exit(2);
	}
	free(bytes);
	free(stable);
	free(loaded);
	free(ranks);
	size_of_device = (uint64_t)status.st_size;
	bytes = malloc(pages() * BLOCK_PAGE);
	stable = malloc(pages() * BLOCK_PAGE);
	loaded = malloc(pages() * BLOCK_PAGE);
	ranks = calloc(pages(), 1);
	if (read(file, loaded, size_of_device) != (ssize_t)size_of_device) {
		perror(path);
		exit(2);
	}
	mock_block_restore();
	close(file);
}

void mock_block_restore(void)
{
	mock_block_discard();
	memcpy(bytes, loaded, size_of_device);
	memcpy(stable, loaded, size_of_device);
	memset(ranks, 0, pages());
}

static void save(const uint8_t *image, const char *path)
{
	static const uint8_t zeros[BLOCK_PAGE];
	int file = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	bool written = file >= 0 && ftruncate(file, (off_t)size_of_device) == 0;

	for (uint64_t offset = 0; written && offset < size_of_device; offset += BLOCK_PAGE) {
		uint64_t size = size_of_device - offset;

		size = size < BLOCK_PAGE ? size : BLOCK_PAGE;
		if (memcmp(image + offset, zeros, size) != 0)
			written =
			        pwrite(file, image + offset, size, (off_t)offset) == (ssize_t)size;
	}
	if (!written) {
		perror(path);
		exit(2);
	}
	close(file);
}

void mock_block_save(const char *path)
{
	save(bytes, path);
}

uint8_t *mock_block_bytes(void)
{
	return bytes;
}

uint64_t mock_block_size(void)
{
	return size_of_device;
}

static void mark(uint64_t offset, uint64_t size, uint32_t rank)
{
	for (uint64_t page = offset / BLOCK_PAGE; page * BLOCK_PAGE < offset + size; page++)
		if (ranks[page] < rank + 1)
			ranks[page] = (uint8_t)(rank + 1);
}

void mock_block_get(uint64_t offset, void *to, uint64_t size)
{
	if (offset + size > size_of_device)
		abort();
	memcpy(to, bytes + offset, size);
}

void mock_block_put(uint64_t offset, const void *from, uint64_t size)
{
	if (offset + size > size_of_device)
		abort();
	memcpy(bytes + offset, from, size);
	mark(offset, size, BLOCK_RANK_CONTENTS);
}

void mock_block_commit(void)
{
	for (uint64_t i = 0; i < log_count; i++) {
		mark(log[i].offset, log[i].size, log[i].rank);
		free(log[i].old);
	}
	log_count = 0;
}

void mock_block_discard(void)
{
	while (log_count > 0) {
		log_count--;
		memcpy(bytes + log[log_count].offset, log[log_count].old, log[log_count].size);
		free(log[log_count].old);
	}
}

uint64_t mock_block_writes(void)
{
	return log_count;
}

static bool is_in_order(uint64_t offset, uint64_t size)
{
	return size > 0 && size <= BLOCK_PAGE && offset % BLOCK_PAGE + size <= BLOCK_PAGE &&
	       offset <= size_of_device && size <= size_of_device - offset;
}

int core_block_read(CAP(block_read) cap, uint32_t device, uint64_t offset, void *buffer,
                    uint64_t size)
{
	(void)cap;
	mock_count_call();
	if (device != 0 || !is_in_order(offset, size))
		return -EINVAL;
	memcpy(buffer, bytes + offset, size);
	return 0;
}

int core_block_write(CAP(block_access) cap, uint32_t where, uint64_t offset, const void *buffer,
                     uint64_t size)
{
	uint32_t device = BLOCK_WHERE_NUMBER(where), rank = BLOCK_WHERE_RANK(where);

	(void)cap;
	mock_count_call();
	if (device != 0 || !is_in_order(offset, size) || rank > BLOCK_RANK_MAPS)
		return -EINVAL;
	if (log_count == log_room) {
		log_room = log_room ? 2 * log_room : 64;
		log = realloc(log, log_room * sizeof(*log));
	}
	log[log_count].offset = offset;
	log[log_count].size = size;
	log[log_count].rank = rank;
	log[log_count].old = malloc(size);
	memcpy(log[log_count].old, bytes + offset, size);
	log_count++;
	memcpy(bytes + offset, buffer, size);
	return 0;
}

int core_block_seal(CAP(block_access) cap, uint32_t device)
{
	(void)cap;
	mock_count_call();
	return device == 0 ? 0 : -ENODEV;
}

int core_block_info(uint32_t device, struct block_info *info)
{
	mock_count_call();
	if (device != 0)
		return -ENODEV;
	*info = (struct block_info){.size = size_of_device};
	return 0;
}

uint64_t mock_block_dirty(void)
{
	uint64_t dirty = 0;

	for (uint64_t page = 0; page < pages(); page++)
		dirty += ranks[page] != 0;
	return dirty;
}

void mock_block_sync(void)
{
	for (uint64_t page = 0; page < pages(); page++)
		if (ranks[page])
			memcpy(stable + page * BLOCK_PAGE, bytes + page * BLOCK_PAGE, BLOCK_PAGE);
	memset(ranks, 0, pages());
}

/* The dirty pages of one rank from a place on, which the seed chooses. */
void mock_block_cut(uint64_t count, uint64_t seed, const char *path)
{
	uint8_t *image = malloc(pages() * BLOCK_PAGE);

	memcpy(image, stable, pages() * BLOCK_PAGE);
	for (uint32_t rank = 1; rank <= BLOCK_RANK_MAPS + 1; rank++)
		for (uint64_t i = 0; i < pages() && count > 0; i++) {
			uint64_t page = (i + seed) % pages();

			if (ranks[page] != rank)
				continue;
			memcpy(image + page * BLOCK_PAGE, bytes + page * BLOCK_PAGE, BLOCK_PAGE);
			count--;
		}
	save(image, path);
	free(image);
}
