/* SPDX-License-Identifier: MIT
 *
 * The copies of objects, in a hash table by the object's address, and that of the data.
 */
#include <stddef.h>

#include <kernel/boundary/mirror.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>

#define BUCKETS 1024u
#define GRAIN   16u /* bytes: objects are aligned so */

struct copy {
	struct copy *next;
	struct heap_object of;
	char bytes[];
};

struct mirror {
	struct copy *buckets[BUCKETS];
	char data[];
};

static uint64_t data_size(const struct service *service)
{
	return (uint64_t)(service->image.data_end - service->image.data_start);
}

static struct copy **find(const struct service *service, const void *object)
{
	struct copy **link = &service->mirror->buckets[(uint64_t)object / GRAIN % BUCKETS];

	while (*link && (*link)->of.start != object)
		link = &(*link)->next;
	return link;
}

int mirror_create(struct service *service)
{
	service->mirror = heap_alloc(&core_heap, sizeof(struct mirror) + data_size(service));
	return service->mirror ? 0 : -ENOMEM;
}

bool mirror_add(struct service *service, void *object)
{
	struct heap_object of;
	struct copy *copy, **link;

	if (!heap_find(&service->heap, object, &of))
		return false;
	copy = heap_alloc(&core_heap, sizeof(*copy) + of.size);
	if (!copy)
		return false;
	link = find(service, object);
	copy->of = of;
	copy->next = *link;
	*link = copy;
	return true;
}

void mirror_remove(struct service *service, const void *object)
{
	struct copy **link = find(service, object), *copy = *link;

	if (!copy)
		return;
	*link = copy->next;
	heap_free(&core_heap, copy);
}

bool mirror_find(const struct service *service, const void *address, struct mirrored *found)
{
	const char *byte = address;
	struct heap_object object;
	struct copy *copy;

	*found = (struct mirrored){service->image.data_start, service->mirror->data,
	                           data_size(service)};
	if (byte >= found->start && byte < found->start + found->size)
		return true;
	found->size = 0;
	if (!heap_find(&service->heap, address, &object))
		return false;
	copy = *find(service, object.start);
	if (copy)
		*found = (struct mirrored){object.start, copy->bytes, object.size};
	return copy != NULL;
}

void mirror_follow(struct service *service, const void *object)
{
	struct copy *copy = *find(service, object);

	if (copy)
		memcpy(copy->bytes, object, copy->of.size);
}

void mirror_follow_start(struct service *service)
{
	memcpy(service->mirror->data, service->image.data_start, data_size(service));
	for (unsigned int i = 0; i < BUCKETS; i++)
		for (struct copy *copy = service->mirror->buckets[i]; copy; copy = copy->next)
			memcpy(copy->bytes, copy->of.start, copy->of.size);
}

/* By words: all that a service has is compared when it falls. */
const char *mirror_difference(const char *memory, const char *copy, uint64_t size)
{
	uint64_t at = 0;

	for (; at + sizeof(uint64_t) <= size; at += sizeof(uint64_t)) {
		uint64_t word, other;

		__builtin_memcpy(&word, memory + at, sizeof(word));
		__builtin_memcpy(&other, copy + at, sizeof(other));
		if (word != other)
			break;
	}
	for (; at < size; at++)
		if (memory[at] != copy[at])
			return memory + at;
	return NULL;
}

static uint64_t restore(char *memory, const char *copy, uint64_t size)
{
	if (!mirror_difference(memory, copy, size))
		return 0;
	memcpy(memory, copy, size);
	return 1;
}

uint64_t mirror_restore(struct service *service)
{
	uint64_t restored =
	        restore(service->image.data_start, service->mirror->data, data_size(service));

	for (unsigned int i = 0; i < BUCKETS; i++)
		for (const struct copy *copy = service->mirror->buckets[i]; copy; copy = copy->next)
			restored += restore(copy->of.start, copy->bytes, copy->of.size);
	return restored;
}
