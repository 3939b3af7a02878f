/* SPDX-License-Identifier: MIT
 *
 * The mock: what kernel/boundary does for a service that rolls back, in short.
 */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <kernel/boundary/core_calls.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <services/tests/mock_core.h>

#define RECORDS 512
#define STORES  1024
#define PAGE    4096

static struct {
	void *address;
	void *bytes;
	size_t size;
} undo[RECORDS];

static void *allocated[RECORDS], *freed[RECORDS];
static unsigned int undo_count, allocated_count, freed_count;
static uint64_t heap_objects;

static struct {
	uint64_t object, pages;
} stores[STORES];

static jmp_buf landing;
static bool in_call;
static unsigned int calls, falling_call;

uint64_t mock_time = 1000;
uint64_t mock_allocations_left = UINT64_MAX;

void mock_count_call(void)
{
	if (in_call && ++calls == falling_call)
		longjmp(landing, 1);
}

static void forget(void)
{
	for (unsigned int i = 0; i < undo_count; i++)
		free(undo[i].bytes);
	undo_count = allocated_count = freed_count = 0;
	in_call = false;
}

static void roll_back(void)
{
	while (undo_count > 0) {
		undo_count--;
		memcpy(undo[undo_count].address, undo[undo_count].bytes, undo[undo_count].size);
		free(undo[undo_count].bytes);
	}
	while (allocated_count > 0) {
		free(allocated[--allocated_count]);
		heap_objects--;
	}
	forget();
}

static void commit(void)
{
	for (unsigned int i = 0; i < freed_count; i++) {
		free(freed[i]);
		heap_objects--;
	}
	forget();
}

bool mock_call(long (*call)(void *argument), void *argument, unsigned int fall_at, long *result)
{
	calls = 0;
	falling_call = fall_at;
	in_call = true;
	if (setjmp(landing)) {
		roll_back();
		return false;
	}
	*result = call(argument);
	commit();
	return true;
}

uint64_t mock_heap_objects(void)
{
	return heap_objects;
}

uint64_t mock_store_pages(void)
{
	uint64_t pages = 0;

	for (unsigned int i = 0; i < STORES; i++)
		pages += stores[i].pages;
	return pages;
}

void *core_alloc(uint64_t size)
{
	void *object;

	mock_count_call();
	if (mock_allocations_left == 0)
		return NULL;
	if (mock_allocations_left != UINT64_MAX)
		mock_allocations_left--;
	object = calloc(1, size);
	heap_objects++;
	if (in_call)
		allocated[allocated_count++] = object;
	return object;
}

void core_free(void *object)
{
	mock_count_call();
	if (!object)
		return;
	if (in_call) {
		freed[freed_count++] = object;
		return;
	}
	free(object);
	heap_objects--;
}

void core_undo(void *address, uint64_t size)
{
	mock_count_call();
	if (!in_call)
		return;
	undo[undo_count].address = address;
	undo[undo_count].size = size;
	undo[undo_count].bytes = malloc(size);
	memcpy(undo[undo_count].bytes, address, size);
	undo_count++;
}

static unsigned int store_of(uint64_t object)
{
	for (unsigned int i = 0; i < STORES; i++)
		if (stores[i].object == object)
			return i;
	for (unsigned int i = 0; i < STORES; i++)
		if (stores[i].object == 0) {
			stores[i].object = object;
			return i;
		}
	abort();
}

/* Pages are counted, not kept; files of the tests have no holes. */
int core_store_reserve(CAP(page_alloc) cap, uint64_t object, uint64_t offset, uint64_t size)
{
	uint64_t pages = (offset + size + PAGE - 1) / PAGE;
	unsigned int store = store_of(object);

	(void)cap;
	mock_count_call();
	if (stores[store].pages < pages)
		stores[store].pages = pages;
	return 0;
}

void core_store_destroy(CAP(page_alloc) cap, uint64_t object)
{
	unsigned int store = store_of(object);

	(void)cap;
	mock_count_call();
	stores[store].object = stores[store].pages = 0;
}

uint64_t core_store_pages(uint64_t object)
{
	mock_count_call();
	return stores[store_of(object)].pages;
}

uint64_t core_time_wall(void)
{
	mock_count_call();
	return mock_time;
}

void core_system_info(struct system_info *info)
{
	memset(info, 0, sizeof(*info));
	info->pages_total = 2000;
}

size_t string_copy(char *to, const char *from, size_t size)
{
	return (size_t)snprintf(to, size, "%s", from);
}

/* A panic in a call ends it, as the boundary does. */
_Noreturn void panic_at(const char *file, int line, const char *function, const char *fmt, ...)
{
	if (in_call)
		longjmp(landing, 1);
	fprintf(stderr, "%s:%d: %s: panic: %s\n", file, line, function, fmt);
	abort();
}
