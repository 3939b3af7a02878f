/* SPDX-License-Identifier: MIT
 *
 * Address spaces against a model that knows the protection and the first word of
 * each page, with memory so short that it often runs out.
 */
#include "cmocka_all.h"
#include "host/host.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <arch/mmu.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/mm/region.h>
#include <kernel/mm/vmspace.h>
#include <linux/mman.h>

enum { SPACES = 4, PAGES = 300, STEPS = 150000, MAX_SIZE = 24 };
#define FIRST 0x100000UL
#define PLAIN (MAP_PRIVATE | MAP_ANONYMOUS)

struct model_page {
	unsigned char mapped, protection;
	uint64_t *shared; /* the word of shared memory, or NULL */
	uint64_t word;    /* of private memory */
};

struct model {
	struct vmspace *space;
	struct model_page pages[PAGES];
};

static struct model models[SPACES];
static uint64_t free_before;
static uint64_t shared_words[STEPS];
static unsigned int shared_count;

static struct vmspace *new_space(void)
{
	struct vmspace *space = vmspace_create();

	if (space != NULL)
		space->mmap_top = FIRST + PAGES * PAGE_SIZE;
	return space;
}

static int start(void **state)
{
	(void)state;
	host_start(450);
	free_before = page_count_free();
	memset(models, 0, sizeof(models));
	return 0;
}

static uint64_t pages_of_processes(void)
{
	struct page_counts counts;

	page_count_uses(&counts);
	return counts.processes;
}

static int nothing_is_left(void **state)
{
	(void)state;
	for (int i = 0; i < SPACES; i++)
		vmspace_put(models[i].space);
	assert_int_equal(pages_of_processes(), 0);
	assert_int_equal(core_heap.object_count, 0);
	/* One slab of a size class may stay. */
	heap_discard(&core_heap);
	assert_int_equal(page_count_free(), free_before);
	return 0;
}

static uint64_t address_of(unsigned int page)
{
	return FIRST + page * PAGE_SIZE;
}

static uint64_t *word_of(struct model_page *page)
{
	return page->shared != NULL ? page->shared : &page->word;
}

/* What a load or a store of the program does: fault until the page is there. */
static int touch(struct vmspace *space, uint64_t va, unsigned int access, uint64_t **word)
{
	unsigned int wanted = access & FAULT_WRITE ? MMU_WRITE : MMU_USER, protection;
	paddr_t page;

	for (int tries = 0; tries < 3; tries++) {
		int error;

		if (mmu_lookup(space->root, va, &page, &protection) && protection & wanted) {
			*word = phys_to_virt(page);
			return 0;
		}
		error = vmspace_fault(space, va, access);
		if (error != 0)
			return error;
	}
	fail_msg("a resolved fault faults again");
	return 0;
}

static void check_touch(struct model *model, unsigned int index, int is_write)
{
	struct model_page *page = &model->pages[index];
	unsigned char needed = is_write ? PROT_WRITE : PROT_READ | PROT_WRITE | PROT_EXEC;
	uint64_t *word = NULL;
	int error = touch(model->space, address_of(index), is_write ? FAULT_WRITE : 0, &word);

	if (!page->mapped || !(page->protection & needed)) {
		assert_int_equal(error, -EFAULT);
		return;
	}
	if (error == -ENOMEM)
		return;
	assert_int_equal(error, 0);
	assert_int_equal(*word, *word_of(page));
	if (is_write) {
		*word = (uint64_t)random() + 1;
		*word_of(page) = *word;
	}
}

static void model_map(struct model *model, unsigned int first, unsigned int count, int protection,
                      int is_shared)
{
	for (unsigned int i = first; i < first + count; i++) {
		model->pages[i] =
		        (struct model_page){.mapped = 1, .protection = (unsigned char)protection};
		if (is_shared)
			model->pages[i].shared = &shared_words[shared_count++];
	}
}

static int is_mapped(const struct model *model, unsigned int first, unsigned int count, int any)
{
	unsigned int mapped = 0;

	for (unsigned int i = first; i < first + count; i++)
		mapped += model->pages[i].mapped;
	return any ? mapped > 0 : mapped == count;
}

static void do_map(struct model *model, unsigned int first, unsigned int count)
{
	int protection = (int)(random() % 8), is_shared = random() % 5 == 0;
	int flags = (is_shared ? MAP_SHARED : MAP_PRIVATE) | MAP_ANONYMOUS;
	int fixed = random() % 3;
	long result;

	if (is_shared && shared_count + count > STEPS)
		return;
	flags |= fixed == 0 ? MAP_FIXED : fixed == 1 ? MAP_FIXED_NOREPLACE : 0;
	result = vmspace_map(model->space, fixed == 2 ? 0 : address_of(first), count * PAGE_SIZE,
	                     protection, flags, NULL, 0);
	if (result == -ENOMEM) {
		/* Only a replaced range may be gone. */
		if (fixed == 0 &&
		    vmspace_unmap(model->space, address_of(first), count * PAGE_SIZE) == 0)
			memset(&model->pages[first], 0, count * sizeof(model->pages[0]));
		else
			assert_int_not_equal(fixed, 0);
		return;
	}
	if (fixed == 1 && is_mapped(model, first, count, 1)) {
		assert_int_equal(result, -EEXIST);
		return;
	}
	assert_true(result > 0);
	if (fixed == 2) {
		first = (unsigned int)(((uint64_t)result - FIRST) / PAGE_SIZE);
		if ((uint64_t)result < FIRST) {
			/* The gap below the model's window was used. */
			vmspace_unmap(model->space, (uint64_t)result, count * PAGE_SIZE);
			return;
		}
		assert_false(is_mapped(model, first, count, 1));
	}
	model_map(model, first, count, protection, is_shared);
}

static void do_unmap(struct model *model, unsigned int first, unsigned int count)
{
	long result = vmspace_unmap(model->space, address_of(first), count * PAGE_SIZE);

	if (result == 0)
		memset(&model->pages[first], 0, count * sizeof(model->pages[0]));
	else
		assert_int_equal(result, -ENOMEM);
}

static void do_protect(struct model *model, unsigned int first, unsigned int count)
{
	int protection = (int)(random() % 8);
	long result =
	        vmspace_protect(model->space, address_of(first), count * PAGE_SIZE, protection);

	unsigned int covered = 0, changed = 0, kept = 0;

	assert_true(result == 0 || result == -ENOMEM);
	/* Up to a gap it is done; or nothing is, where regions could not be split. */
	while (covered < count && model->pages[first + covered].mapped)
		covered++;
	assert_true(result != 0 || covered == count);
	for (unsigned int i = first; i < first + covered; i++) {
		const struct region *region = region_find(model->space, address_of(i));

		changed += (region->flags & REGION_PROTECTION) == (uint32_t)protection;
		kept += (region->flags & REGION_PROTECTION) == model->pages[i].protection;
	}
	assert_true(changed == covered || (result != 0 && kept == covered));
	for (unsigned int i = first; changed == covered && i < first + covered; i++)
		model->pages[i].protection = (unsigned char)protection;
}

static void do_discard(struct model *model, unsigned int first, unsigned int count)
{
	long result =
	        vmspace_advise(model->space, address_of(first), count * PAGE_SIZE, MADV_DONTNEED);

	assert_int_equal(result, is_mapped(model, first, count, 0) ? 0 : -ENOMEM);
	for (unsigned int i = first; i < first + count; i++)
		model->pages[i].word = 0;
}

/* Shared pages are not moved here: what grows behind their end has no memory. */
static int is_uniform(const struct model *model, unsigned int first, unsigned int count)
{
	for (unsigned int i = first; i < first + count; i++) {
		const struct model_page *page = &model->pages[i];

		if (!page->mapped || page->shared != NULL ||
		    page->protection != model->pages[first].protection)
			return 0;
	}
	return 1;
}

static void do_remap(struct model *model, unsigned int first, unsigned int count)
{
	unsigned int new_count = 1 + (unsigned int)random() % MAX_SIZE, kept, to;
	struct model_page moved[MAX_SIZE] = {0};
	long result;

	if (!is_uniform(model, first, count))
		return;
	result = vmspace_remap(model->space, address_of(first), count * PAGE_SIZE,
	                       new_count * PAGE_SIZE, MREMAP_MAYMOVE, 0);
	/* -EFAULT: equal neighbours that did not come to be one region. */
	if (result == -ENOMEM || result == -EFAULT)
		return;
	assert_true(result > 0);
	kept = count < new_count ? count : new_count;
	for (unsigned int i = 0; i < new_count; i++) {
		moved[i].mapped = 1;
		moved[i].protection = model->pages[first].protection;
		moved[i].word = i < kept ? model->pages[first + i].word : 0;
	}
	memset(&model->pages[first], 0, count * sizeof(model->pages[0]));
	if ((uint64_t)result < FIRST) {
		vmspace_unmap(model->space, (uint64_t)result, new_count * PAGE_SIZE);
		return;
	}
	to = (unsigned int)(((uint64_t)result - FIRST) / PAGE_SIZE);
	if (to + new_count > PAGES) {
		vmspace_unmap(model->space, (uint64_t)result, new_count * PAGE_SIZE);
		return;
	}
	assert_false(is_mapped(model, to, new_count, 1));
	memcpy(&model->pages[to], moved, new_count * sizeof(moved[0]));
}

static void do_fork(struct model *model)
{
	struct model *child = &models[random() % SPACES];

	if (child == model)
		return;
	vmspace_put(child->space);
	memset(child, 0, sizeof(*child));
	child->space = vmspace_fork(model->space);
	if (child->space != NULL)
		memcpy(child->pages, model->pages, sizeof(child->pages));
}

static void do_step(struct model *model)
{
	unsigned int count = 1 + (unsigned int)random() % MAX_SIZE;
	unsigned int first = (unsigned int)random() % (PAGES - count);

	switch (random() % 16) {
	case 0:
		do_map(model, first, count);
		break;
	case 1:
		do_unmap(model, first, count);
		break;
	case 2:
		do_protect(model, first, count);
		break;
	case 3:
		do_discard(model, first, count);
		break;
	case 4:
		do_remap(model, first, count);
		break;
	case 5:
		if (random() % 20 == 0)
			do_fork(model);
		break;
	default:
		check_touch(model, first, random() % 2);
		break;
	}
}

static void programs_see_what_they_wrote_through_every_call_and_shortage(void **state)
{
	(void)state;
	srandom(4);
	shared_count = 0;
	for (unsigned int step = 0; step < STEPS; step++) {
		struct model *model = &models[random() % SPACES];

		if (model->space == NULL) {
			memset(model, 0, sizeof(*model));
			model->space = new_space();
			continue;
		}
		do_step(model);
		assert_int_equal(host_stale_translations(), 0);
		if (step % 1000 == 0) {
			for (unsigned int i = 0; i < PAGES; i++)
				check_touch(model, i, 0);
		}
	}
	assert_true(shared_count > 0);
}

static void a_child_writes_its_own_copy_and_the_parent_keeps_its_page(void **state)
{
	struct vmspace *parent = new_space(), *child;
	uint64_t *word;

	(void)state;
	assert_true(vmspace_map(parent, FIRST, PAGE_SIZE, PROT_READ | PROT_WRITE, PLAIN | MAP_FIXED,
	                        NULL, 0) > 0);
	assert_int_equal(touch(parent, FIRST, FAULT_WRITE, &word), 0);
	*word = 1;
	child = vmspace_fork(parent);
	assert_int_equal(pages_of_processes(), 1);
	assert_int_equal(touch(child, FIRST, FAULT_WRITE, &word), 0);
	*word = 2;
	assert_int_equal(pages_of_processes(), 2);
	assert_int_equal(touch(parent, FIRST, 0, &word), 0);
	assert_int_equal(*word, 1);
	assert_int_equal(child->resident_pages, 1);
	vmspace_put(child);
	vmspace_put(parent);
}

static void a_stack_grows_to_its_limit_and_not_into_its_guard(void **state)
{
	struct vmspace *space = new_space();
	uint64_t top = 0x3000000, *word;

	(void)state;
	assert_true(vmspace_map(space, top - PAGE_SIZE, PAGE_SIZE, PROT_READ | PROT_WRITE,
	                        PLAIN | MAP_FIXED | MAP_GROWSDOWN, NULL, 0) > 0);
	assert_int_equal(touch(space, top - 0x100000, FAULT_WRITE, &word), 0);
	assert_int_equal(space->virtual_bytes, 0x100000);
	assert_int_equal(touch(space, top - STACK_SIZE_MAX, FAULT_WRITE, &word), 0);
	assert_int_equal(touch(space, top - STACK_SIZE_MAX - PAGE_SIZE, 0, &word), -EFAULT);
	vmspace_put(space);
	space = new_space();
	assert_true(vmspace_map(space, top - PAGE_SIZE, PAGE_SIZE, PROT_READ | PROT_WRITE,
	                        PLAIN | MAP_FIXED | MAP_GROWSDOWN, NULL, 0) > 0);
	assert_true(vmspace_map(space, top - 0x200000, PAGE_SIZE, PROT_READ, PLAIN | MAP_FIXED,
	                        NULL, 0) > 0);
	assert_int_equal(touch(space, top - 0x200000 + PAGE_SIZE, FAULT_WRITE, &word), -EFAULT);
	assert_int_equal(touch(space, top - 0xf0000, FAULT_WRITE, &word), 0);
	vmspace_put(space);
}

static void the_break_moves_and_says_where_it_is(void **state)
{
	struct vmspace *space = new_space();
	uint64_t base = 0x800000, *word;

	(void)state;
	space->brk_start = space->brk_end = base;
	assert_int_equal(vmspace_brk(space, 0), base);
	assert_int_equal(vmspace_brk(space, base + 10000), base + 10000);
	assert_int_equal(touch(space, base + 8192, FAULT_WRITE, &word), 0);
	assert_int_equal(touch(space, base + 12288, FAULT_WRITE, &word), -EFAULT);
	assert_int_equal(vmspace_brk(space, base + 100), base + 100);
	assert_int_equal(touch(space, base + 8192, 0, &word), -EFAULT);
	assert_int_equal(vmspace_brk(space, UINT64_MAX), base + 100);
	assert_int_equal(vmspace_brk(space, base + (1UL << 40)), base + 100);
	vmspace_put(space);
}

static void locked_memory_is_filled_and_a_child_has_none(void **state)
{
	struct vmspace *space = new_space(), *child;
	uint64_t at = 0x800000;
	uint8_t there[4];

	(void)state;
	assert_int_equal(vmspace_map(space, at, 4 * PAGE_SIZE, PROT_READ | PROT_WRITE,
	                             PLAIN | MAP_FIXED, NULL, 0),
	                 at);
	assert_int_equal(vmspace_lock(space, at + PAGE_SIZE + 1, PAGE_SIZE, false), 0);
	assert_int_equal(vmspace_resident(space, at, 4, there), 0);
	assert_memory_equal(there, "\0\1\1\0", 4);
	assert_int_equal(vmspace_advise(space, at, 4 * PAGE_SIZE, MADV_DONTNEED), -EINVAL);
	assert_int_equal(vmspace_sync(space, at, 4 * PAGE_SIZE, true), -EBUSY);
	child = vmspace_fork(space);
	assert_non_null(child);
	assert_int_equal(vmspace_sync(child, at, 4 * PAGE_SIZE, true), 0);
	vmspace_put(child);
	assert_int_equal(vmspace_unlock(space, at, 4 * PAGE_SIZE), 0);
	assert_int_equal(vmspace_advise(space, at, 4 * PAGE_SIZE, MADV_DONTNEED), 0);
	assert_int_equal(vmspace_lock(space, at, 5 * PAGE_SIZE, false), -ENOMEM);
	assert_int_equal(vmspace_resident(space, at, 5, (uint8_t[5]){0}), -ENOMEM);
	/* Pages run out half way. */
	assert_int_equal(vmspace_map(space, at * 2, 500 * PAGE_SIZE, PROT_READ | PROT_WRITE,
	                             PLAIN | MAP_FIXED | MAP_NORESERVE, NULL, 0),
	                 at * 2);
	assert_int_equal(vmspace_lock(space, at * 2, 500 * PAGE_SIZE, false), -EAGAIN);
	vmspace_put(space);
}

static void bad_arguments_get_the_errors_of_linux(void **state)
{
	struct vmspace *space = new_space();

	(void)state;
	assert_int_equal(vmspace_map(space, 0, 0, 0, PLAIN, NULL, 0), -EINVAL);
	assert_int_equal(vmspace_map(space, 0, 4096, 0, MAP_ANONYMOUS, NULL, 0), -EINVAL);
	assert_int_equal(vmspace_map(space, 0, UINT64_MAX, 0, PLAIN, NULL, 0), -ENOMEM);
	assert_int_equal(vmspace_map(space, 1, 4096, 0, PLAIN | MAP_FIXED, NULL, 0), -EINVAL);
	assert_int_equal(vmspace_map(space, 0, 4096, 0, PLAIN | MAP_FIXED, NULL, 0), -EPERM);
	assert_int_equal(vmspace_map(space, USER_LIMIT, 4096, 0, PLAIN | MAP_FIXED, NULL, 0),
	                 -ENOMEM);
	assert_int_equal(vmspace_map(space, 0, 4096, 0, PLAIN, NULL, 5), -EINVAL);
	assert_int_equal(vmspace_unmap(space, 0x1001, 4096), -EINVAL);
	assert_int_equal(vmspace_unmap(space, 0x100000, 0), -EINVAL);
	assert_int_equal(vmspace_unmap(space, 0x100000, 4096), 0);
	assert_int_equal(vmspace_protect(space, 0x100000, 4096, 0), -ENOMEM);
	assert_int_equal(vmspace_protect(space, 0x100000, 4096, 64), -EINVAL);
	assert_int_equal(vmspace_advise(space, 0x100000, 4096, 12345), -EINVAL);
	assert_int_equal(vmspace_remap(space, 0x100000, 4096, 8192, 0, 0), -EFAULT);
	assert_int_equal(vmspace_remap(space, 0x100000, 0, 8192, 0, 0), -EFAULT);
	assert_int_equal(vmspace_fault(space, 0, 0), -EFAULT);
	assert_int_equal(vmspace_fault(space, UINT64_MAX, FAULT_WRITE), -EFAULT);
	assert_int_equal(vmspace_fault(space, USER_LIMIT, 0), -EFAULT);
	vmspace_put(space);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test_setup_teardown(
	                programs_see_what_they_wrote_through_every_call_and_shortage, start,
	                nothing_is_left),
	        cmocka_unit_test_setup_teardown(
	                a_child_writes_its_own_copy_and_the_parent_keeps_its_page, start,
	                nothing_is_left),
	        cmocka_unit_test_setup_teardown(a_stack_grows_to_its_limit_and_not_into_its_guard,
	                                        start, nothing_is_left),
	        cmocka_unit_test_setup_teardown(the_break_moves_and_says_where_it_is, start,
	                                        nothing_is_left),
	        cmocka_unit_test_setup_teardown(locked_memory_is_filled_and_a_child_has_none, start,
	                                        nothing_is_left),
	        cmocka_unit_test_setup_teardown(bad_arguments_get_the_errors_of_linux, start,
	                                        nothing_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
