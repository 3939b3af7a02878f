/* SPDX-License-Identifier: MIT
 *
 * Heaps over the real page allocator: what is given out, what is refused, what
 * comes back.
 */
#include "cmocka_all.h"
#include "host/host.h"

#include <stdlib.h>
#include <string.h>

#include <kernel/mm/heap.h>
#include <kernel/mm/page_alloc.h>

enum { OBJECTS = 600, STEPS = 60000 };

static uint64_t free_before;

static int start(void **state)
{
	(void)state;
	host_start(1500);
	free_before = page_count_free();
	return 0;
}

static int nothing_is_left(void **state)
{
	(void)state;
	assert_int_equal(core_heap.object_count, 0);
	/* One slab of a class may stay. */
	assert_true(core_heap.page_count <= HEAP_CLASSES);
	heap_discard(&core_heap);
	assert_int_equal(core_heap.page_count, 0);
	assert_int_equal(page_count_free(), free_before);
	return 0;
}

static size_t random_size(void)
{
	size_t size = (size_t)random() % 3000;

	return random() % 20 == 0 ? size * 10 : size >> (random() % 8);
}

static void objects_are_zeroed_aligned_and_never_overlap(void **state)
{
	static struct {
		unsigned char *start;
		size_t size;
		unsigned char mark;
	} objects[OBJECTS];
	unsigned int count = 0;

	(void)state;
	srandom(3);
	for (unsigned int step = 0; step < STEPS; step++) {
		if (count < OBJECTS && random() % 2) {
			size_t size = random_size();
			unsigned char *object = heap_alloc(&core_heap, size);

			if (object == NULL)
				continue;
			assert_int_equal((uintptr_t)object % (size >= 64 ? 64 : 16), 0);
			for (size_t i = 0; i < size; i++)
				assert_int_equal(object[i], 0);
			objects[count].start = object;
			objects[count].size = size;
			objects[count].mark = (unsigned char)(step | 1);
			memset(object, objects[count].mark, size);
			count++;
		} else if (count > 0) {
			unsigned int which = (unsigned int)random() % count;

			for (size_t i = 0; i < objects[which].size; i++)
				assert_int_equal(objects[which].start[i], objects[which].mark);
			heap_free(&core_heap, objects[which].start);
			objects[which] = objects[--count];
		}
		assert_int_equal(core_heap.object_count, count);
	}
	while (count > 0)
		heap_free(&core_heap, objects[--count].start);
}

static void a_wrong_free_is_a_panic_that_says_what_is_wrong(void **state)
{
	char *small = heap_alloc(&core_heap, 100), *other = heap_alloc(&core_heap, 100);
	char *large = heap_alloc(&core_heap, 20000);
	static struct heap foreign;

	(void)state;
	heap_init(&foreign, core_rights.pages, 100);
	assert_true(HOST_PANICS(heap_free(&core_heap, small + 16)));
	assert_non_null(strstr(host_panic_message, "is not the start of an object"));
	assert_true(HOST_PANICS(heap_free(&core_heap, large + 64)));
	assert_non_null(strstr(host_panic_message, "is not the start of an object"));
	assert_true(HOST_PANICS(heap_free(&core_heap, large + 4096)));
	assert_non_null(strstr(host_panic_message, "lies in no heap"));
	assert_true(HOST_PANICS(heap_free(&core_heap, host_panic_message)));
	assert_non_null(strstr(host_panic_message, "lies in no heap"));
	assert_true(HOST_PANICS(heap_free(&foreign, small)));
	assert_non_null(strstr(host_panic_message, "belongs to another heap"));
	heap_free(&core_heap, small);
	assert_true(HOST_PANICS(heap_free(&core_heap, small)));
	assert_non_null(strstr(host_panic_message, "is free already"));
	heap_free(&core_heap, large);
	assert_true(HOST_PANICS(heap_free(&core_heap, large)));
	assert_non_null(strstr(host_panic_message, "lies in no heap"));
	heap_free(&core_heap, other);
	heap_free(&core_heap, NULL);
}

static void a_write_to_freed_memory_is_found_where_the_heap_is_hardened(void **state)
{
	char *kept = heap_alloc(&core_heap, 200), *object = heap_alloc(&core_heap, 200), *again;

	(void)state;
	heap_free(&core_heap, object);
	object[100] = 1;
	if (ARAMID_HARDEN_HEAP) {
		assert_true(HOST_PANICS(again = heap_alloc(&core_heap, 200)));
		assert_non_null(strstr(host_panic_message, "byte 100 of the free heap object"));
	}
	again = heap_alloc(&core_heap, 200);
	assert_ptr_equal(again, object);
	assert_int_equal(object[100], 0);
	heap_free(&core_heap, again);
	heap_free(&core_heap, kept);
}

static void a_heap_stops_at_its_limit_and_is_empty_after_a_discard(void **state)
{
	static struct heap heap;
	unsigned int count = 0;

	(void)state;
	heap_init(&heap, core_rights.pages, 10);
	while (heap_alloc(&heap, 1000) != NULL)
		count++;
	assert_int_equal(count, 40);
	assert_int_equal(heap.page_count, 10);
	assert_null(heap_alloc(&heap, 5000));
	heap_discard(&heap);
	assert_int_equal(heap.page_count, 0);
	assert_int_equal(heap.object_count, 0);
	assert_non_null(heap_alloc(&heap, 30000));
	assert_null(heap_alloc(&heap, 30000));
	heap_discard(&heap);
}

static void pages_have_their_heaps_key_and_are_the_cores_again_afterwards(void **state)
{
	static struct heap heap;
	const char *small, *large, *single;

	(void)state;
	if (!ARAMID_ISOLATE_SERVICES)
		return;
	heap_init(&heap, core_rights.pages, 100);
	heap_set_key(&heap, 5);
	small = heap_alloc(&heap, 16);
	large = heap_alloc(&heap, 3 * PAGE_SIZE);
	single = heap_alloc(&core_heap, 16);
	assert_int_equal(host_key(small), 5);
	assert_int_equal(host_key(large), 5);
	assert_int_equal(host_key(large + 3 * PAGE_SIZE - 1), 5);
	assert_int_equal(host_key(single), 0);
	heap_free(&heap, (void *)large);
	assert_int_equal(host_key(large), 0);
	assert_int_equal(host_key(large + 3 * PAGE_SIZE - 1), 0);
	assert_int_equal(host_key(small), 5);
	heap_discard(&heap);
	assert_int_equal(host_key(small), 0);
	heap_free(&core_heap, (void *)single);
}

static void the_last_slab_of_a_class_stays_and_more_go_back(void **state)
{
	void *objects[5]; /* of which a page holds four */
	uint64_t pages;

	(void)state;
	objects[0] = heap_alloc(&core_heap, 1000);
	pages = core_heap.page_count;
	heap_free(&core_heap, objects[0]);
	assert_int_equal(core_heap.page_count, pages);
	for (unsigned int i = 0; i < 5; i++)
		objects[i] = heap_alloc(&core_heap, 1000);
	assert_int_equal(core_heap.page_count, pages + 1);
	for (unsigned int i = 0; i < 5; i++)
		heap_free(&core_heap, objects[i]);
	assert_int_equal(core_heap.page_count, pages);
}

static void references_hold_a_page_and_one_too_few_is_a_panic(void **state)
{
	paddr_t page = page_alloc(core_rights.pages, 3);

	(void)state;
	assert_int_equal(page_count_free(), free_before - 8);
	page_get(core_rights.pages, page);
	page_put(core_rights.pages, page);
	assert_int_equal(page_references(page), 1);
	assert_true(HOST_PANICS(page_get(core_rights.pages, page + PAGE_SIZE)));
	page_put(core_rights.pages, page);
	assert_int_equal(page_count_free(), free_before);
	assert_true(HOST_PANICS(page_put(core_rights.pages, 200 * PAGE_SIZE)));
	assert_int_equal(page_alloc(core_rights.pages, PAGE_ORDER_MAX + 1), 0);
}

static void what_is_written_behind_an_object_is_seen_where_nothing_lies(void **state)
{
	unsigned char *object = heap_alloc(&core_heap, 64), *behind = object + 64;
	unsigned char old = *behind;

	(void)state;
	assert_true(heap_is_untouched(&core_heap, behind));
	*behind = (unsigned char)(old + 1);
	assert_int_equal(heap_is_untouched(&core_heap, behind), !ARAMID_HARDEN_HEAP);
	*behind = old;
	/* An object is nobody's damage, and what lies in no heap neither. */
	object[1] = 7;
	assert_true(heap_is_untouched(&core_heap, object));
	assert_true(heap_is_untouched(&core_heap, &old));
	heap_free(&core_heap, object);
}

struct seen {
	unsigned int count;
	bool wrong;
};

static void see(const struct heap_object *object, void *context)
{
	struct seen *seen = context;

	seen->count++;
	for (size_t i = 0; i < object->size; i++)
		seen->wrong |= ((unsigned char *)object->twin)[i] != 7;
}

static void each_object_of_a_heap_with_twins_has_a_place_that_the_heap_does_not_touch(void **state)
{
	static const size_t sizes[] = {1, 16, 100, 256, 2048, 2049, 4096, 20000};
	enum { COUNT = 200 };
	struct seen seen = {0, false};
	struct heap_object object, other;
	void *objects[COUNT];
	struct heap heap;

	(void)state;
	heap_init(&heap, core_heap.pages, 1000);
	object.twin = objects;
	objects[0] = heap_alloc(&heap, 1);
	assert_true(heap_find(&heap, objects[0], &object));
	assert_null(object.twin);
	heap_discard(&heap);
	heap_keep_twins(&heap);
	for (unsigned int i = 0; i < COUNT; i++) {
		objects[i] = heap_alloc(&heap, sizes[i % 8]);
		assert_non_null(objects[i]);
		assert_true(heap_find(&heap, objects[i], &object));
		assert_false(heap_find(&heap, object.twin, &other));
		memset(object.twin, 7, object.size);
	}
	/* What is freed and given out again is another object in the same place. */
	heap_free(&heap, objects[0]);
	objects[0] = heap_alloc(&heap, sizes[0]);
	for (unsigned int i = 0; i < COUNT; i++) {
		assert_true(heap_find(&heap, objects[i], &object));
		for (size_t at = 0; at < object.size; at++)
			assert_int_equal(((char *)objects[i])[at], 0);
	}
	heap_for_each(&heap, see, &seen);
	assert_int_equal(seen.count, COUNT);
	assert_false(seen.wrong);
	for (unsigned int i = 1; i < COUNT; i++)
		heap_free(&heap, objects[i]);
	heap_discard(&heap);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(objects_are_zeroed_aligned_and_never_overlap, start,
	                                        nothing_is_left),
	        cmocka_unit_test_setup_teardown(a_wrong_free_is_a_panic_that_says_what_is_wrong,
	                                        start, nothing_is_left),
	        cmocka_unit_test_setup_teardown(
	                a_write_to_freed_memory_is_found_where_the_heap_is_hardened, start, NULL),
	        cmocka_unit_test_setup_teardown(
	                a_heap_stops_at_its_limit_and_is_empty_after_a_discard, start,
	                nothing_is_left),
	        cmocka_unit_test_setup_teardown(
	                pages_have_their_heaps_key_and_are_the_cores_again_afterwards, start,
	                nothing_is_left),
	        cmocka_unit_test_setup_teardown(
	                what_is_written_behind_an_object_is_seen_where_nothing_lies, start,
	                nothing_is_left),
	        cmocka_unit_test_setup_teardown(
	                each_object_of_a_heap_with_twins_has_a_place_that_the_heap_does_not_touch,
	                start, nothing_is_left),
	        cmocka_unit_test_setup_teardown(the_last_slab_of_a_class_stays_and_more_go_back,
	                                        start, nothing_is_left),
	        cmocka_unit_test_setup(references_hold_a_page_and_one_too_few_is_a_panic, start),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
