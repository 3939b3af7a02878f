/* SPDX-License-Identifier: MIT
 *
 * The buddy system against a model that keeps one owner a page.
 */
#include "cmocka_all.h"

#include <stdlib.h>
#include <string.h>

#include <kernel/mm/bit_tree_check.h>
#include <kernel/mm/buddy_check.h>

enum { PAGES = 5000, HOLES = 3, STEPS = 200000, RUNS = 400 };

/* What the machine has: odd borders, and a last page without a buddy. */
static const struct {
	uint32_t first, end;
} usable[HOLES] = {{1, 159}, {256, 3001}, {3100, PAGES}};

struct run {
	uint32_t page;
	unsigned int order;
};

static struct buddy buddy;
static uint64_t *words;
static unsigned char held[PAGES]; /* 1: handed out */
static uint64_t total;

static int start(void **state)
{
	(void)state;
	words = malloc(buddy_words(PAGES) * sizeof(*words));
	buddy_init(&buddy, words, PAGES);
	memset(held, 0, sizeof(held));
	total = 0;
	for (int i = 0; i < HOLES; i++) {
		buddy_give_range(&buddy, usable[i].first, usable[i].end);
		total += usable[i].end - usable[i].first;
	}
	return 0;
}

static int stop(void **state)
{
	(void)state;
	free(words);
	return 0;
}

static int is_usable(uint64_t page)
{
	for (int i = 0; i < HOLES; i++) {
		if (page >= usable[i].first && page < usable[i].end)
			return 1;
	}
	return 0;
}

static void take(const struct run *run)
{
	assert_int_equal(run->page % (1UL << run->order), 0);
	for (uint64_t page = run->page; page < run->page + (1UL << run->order); page++) {
		assert_true(is_usable(page));
		assert_int_equal(held[page], 0);
		held[page] = 1;
	}
}

static void give(const struct run *run)
{
	for (uint64_t page = run->page; page < run->page + (1UL << run->order); page++)
		held[page] = 0;
	buddy_give(&buddy, run->page, run->order);
}

/* How many pages are free: exactly those that are usable and not held. */
static uint64_t check_free_pages(void)
{
	uint64_t count = 0;

	for (uint32_t page = 0; page < PAGES; page++) {
		assert_int_equal(buddy_is_free(&buddy, page), is_usable(page) && !held[page]);
		count += buddy_is_free(&buddy, page);
	}
	assert_true(buddy_is_sound(&buddy));
	return count;
}

static void no_page_is_handed_out_twice_and_none_is_lost(void **state)
{
	struct run runs[RUNS];
	unsigned int count = 0;

	(void)state;
	srandom(1);
	for (int step = 0; step < STEPS; step++) {
		if (count < RUNS && random() % 2) {
			struct run *run = &runs[count];

			run->order = (unsigned int)(random() % 6);
			run->page = buddy_take(&buddy, run->order);
			if (run->page == BUDDY_NONE)
				continue;
			take(run);
			count++;
		} else if (count > 0) {
			unsigned int which = (unsigned int)random() % count;

			give(&runs[which]);
			runs[which] = runs[--count];
		}
		if (step % 5000 == 0)
			check_free_pages();
	}
	while (count > 0)
		give(&runs[--count]);
	assert_int_equal(check_free_pages(), total);
}

static void memory_runs_out_with_an_answer_and_comes_back_whole(void **state)
{
	uint32_t pages[PAGES], page;
	uint64_t count = 0;

	(void)state;
	while ((page = buddy_take(&buddy, 0)) != BUDDY_NONE) {
		pages[count++] = page;
		held[page] = 1;
	}
	assert_int_equal(count, total);
	assert_int_equal(check_free_pages(), 0);
	while (count > 0)
		buddy_give(&buddy, pages[--count], 0);
	/* All merged again: the largest run is there. */
	assert_int_not_equal(buddy_take(&buddy, BUDDY_ORDER_MAX), BUDDY_NONE);
}

static void small_runs_are_used_up_before_large_ones_are_broken(void **state)
{
	(void)state;
	assert_int_equal(buddy_take(&buddy, 0), 1);
	assert_int_equal(buddy_take(&buddy, 1), 2);
	assert_int_equal(buddy_take(&buddy, 0), 158);
	assert_int_equal(buddy_take(&buddy, 0), 3000);
	assert_int_equal(buddy_take(&buddy, 0), 156);
}

/* Each damage alone, and mended again. */
static void the_invariant_sees_each_damage(void **state)
{
	uint32_t behind = buddy.first[3] + (PAGES >> 3), *start = buddy.free.start;
	struct buddy kept = buddy;

	(void)state;
	for (uint32_t word = start[1]; word < start[BIT_TREE_LEVELS]; word++) {
		words[word] ^= 1UL << word % 64;
		assert_false(bit_tree_is_sound(&buddy.free));
		words[word] ^= 1UL << word % 64;
	}
	bit_tree_add(&buddy.free, behind);
	assert_true(bit_tree_is_sound(&buddy.free));
	assert_false(buddy_is_sound(&buddy));
	bit_tree_remove(&buddy.free, behind);
	/* Page 300 lies in the run of 256 pages from 256 on. */
	for (unsigned int order = 0; order < 8; order++) {
		assert_true(buddy_is_sound(&buddy));
		bit_tree_add(&buddy.free, buddy.first[order] + (300 >> order));
		assert_false(buddy_is_sound(&buddy));
		bit_tree_remove(&buddy.free, buddy.first[order] + (300 >> order));
	}
	buddy.page_count++;
	assert_false(buddy_is_sound(&buddy));
	buddy = kept;
	for (int level = 0; level < BIT_TREE_LEVELS; level++) {
		start[level] += 64;
		assert_false(bit_tree_is_sound(&buddy.free));
		buddy = kept;
	}
	buddy.first[4]++;
	assert_false(buddy_is_sound(&buddy));
	buddy = kept;
	assert_true(buddy_is_sound(&buddy));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(no_page_is_handed_out_twice_and_none_is_lost, start,
	                                        stop),
	        cmocka_unit_test_setup_teardown(memory_runs_out_with_an_answer_and_comes_back_whole,
	                                        start, stop),
	        cmocka_unit_test_setup_teardown(small_runs_are_used_up_before_large_ones_are_broken,
	                                        start, stop),
	        cmocka_unit_test_setup_teardown(the_invariant_sees_each_damage, start, stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
