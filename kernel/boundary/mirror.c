/* SPDX-License-Identifier: MIT
 *
 * An object's copy lies in the second page of its page (heap_keep_twins); the copy of the data is
 * an object of the core's heap.
 */
#include <stddef.h>

#include <kernel/boundary/mirror.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>

static uint64_t data_size(const struct service *service)
{
	return (uint64_t)(service->image.data_end - service->image.data_start);
}

int mirror_create(struct service *service)
{
	service->mirror = heap_alloc(&core_heap, data_size(service));
	if (!service->mirror)
		return -ENOMEM;
	heap_keep_twins(&service->heap);
	return 0;
}

uint64_t mirror_add(struct service *service, void *object)
{
	struct heap_object of;

	if (!heap_find(&service->heap, object, &of))
		return 0;
	memset(of.twin, 0, of.size);
	return of.size;
}

struct mirrored mirror_data(const struct service *service)
{
	return (struct mirrored){service->image.data_start, service->mirror, data_size(service)};
}

bool mirror_find(const struct service *service, const void *address, struct mirrored *found)
{
	const char *byte = address;
	struct heap_object object;

	*found = mirror_data(service);
	if (byte >= found->start && byte < found->start + found->size)
		return true;
	found->size = 0;
	if (!heap_find(&service->heap, address, &object))
		return false;
	*found = (struct mirrored){object.start, object.twin, object.size};
	return true;
}

void mirror_follow(struct service *service, const void *object)
{
	struct heap_object of;

	if (heap_find(&service->heap, object, &of))
		memcpy(of.twin, of.start, of.size);
}

static void follow(const struct heap_object *object, void *context)
{
	(void)context;
	memcpy(object->twin, object->start, object->size);
}

void mirror_follow_start(struct service *service)
{
	memcpy(service->mirror, service->image.data_start, data_size(service));
	heap_for_each(&service->heap, follow, NULL);
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

static void restore_object(const struct heap_object *object, void *restored)
{
	*(uint64_t *)restored += restore(object->start, object->twin, object->size);
}

uint64_t mirror_restore(struct service *service)
{
	uint64_t restored = restore(service->image.data_start, service->mirror, data_size(service));

	heap_for_each(&service->heap, restore_object, &restored);
	return restored;
}
