/* SPDX-License-Identifier: MIT */
#include <kernel/mm/shared_memory.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/page.h>

struct shared_memory {
	uint32_t references; /* atomic */
	uint64_t page_count;
	paddr_t pages[]; /* atomic: 0 until touched, then fixed, with one reference each */
};

struct shared_memory *shared_memory_create(uint64_t size)
{
	uint64_t count = PAGE_ALIGN_UP(size) >> PAGE_SHIFT;
	struct shared_memory *shared;

	if (size > SHARED_MEMORY_SIZE_MAX)
		return NULL;
	shared = heap_alloc(&core_heap, sizeof(*shared) + count * sizeof(shared->pages[0]));
	if (shared == NULL)
		return NULL;
	shared->references = 1;
	shared->page_count = count;
	return shared;
}

void shared_memory_hold(struct shared_memory *shared)
{
	__atomic_fetch_add(&shared->references, 1, __ATOMIC_RELAXED);
}

void shared_memory_put(struct shared_memory *shared)
{
	if (__atomic_fetch_sub(&shared->references, 1, __ATOMIC_ACQ_REL) > 1)
		return;
	cap_wield(page_alloc, core_rights.pages);
	for (uint64_t i = 0; i < shared->page_count; i++) {
		if (shared->pages[i] != 0)
			page_run_put(shared->pages[i]);
	}
	heap_free(&core_heap, shared);
}

int shared_memory_page(struct shared_memory *shared, uint64_t offset, paddr_t *page)
{
	uint64_t index = offset >> PAGE_SHIFT;
	paddr_t found, fresh;

	if (index >= shared->page_count)
		return -EIO;
	cap_wield(page_alloc, core_rights.pages);
	found = __atomic_load_n(&shared->pages[index], __ATOMIC_ACQUIRE);
	if (found == 0) {
		fresh = page_run_take(0, PAGE_PROCESS);
		if (fresh == 0)
			return -ENOMEM;
		memset(phys_to_virt(fresh), 0, PAGE_SIZE);
		/* Of two that touch it first at the same time one loses and uses the other's. */
		if (__atomic_compare_exchange_n(&shared->pages[index], &found, fresh, 0,
		                                __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
			found = fresh;
		else
			page_run_put(fresh);
	}
	page_run_get(found);
	*page = found;
	return 0;
}

bool shared_memory_has_page(const struct shared_memory *shared, uint64_t offset)
{
	uint64_t index = offset >> PAGE_SHIFT;

	return index < shared->page_count &&
	       __atomic_load_n(&shared->pages[index], __ATOMIC_RELAXED) != 0;
}
