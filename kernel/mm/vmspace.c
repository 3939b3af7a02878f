/* SPDX-License-Identifier: MIT
 *
 * The life of an address space.
 */
#include <kernel/mm/vmspace.h>

#include <arch/cpu.h>
#include <arch/mmu.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/mapping.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/mm/region.h>
#include <kernel/proc/thread.h>
#include <linux/mman.h>

/* A fork may not take the last pages: those who run need some to fault in, and who gets none
 * is killed, while a refused fork is only an error. */
#define FORK_RESERVE_SHARE 32

static bool fork_leaves_reserve(void)
{
	return page_count_free() >= page_count_total() / FORK_RESERVE_SHARE;
}

struct vmspace *vmspace_create(void)
{
	struct vmspace *space = heap_alloc(&core_heap, sizeof(*space));

	if (space == NULL)
		return NULL;
	space->root = mmu_create(core_rights.pages);
	if (space->root == 0) {
		heap_free(&core_heap, space);
		return NULL;
	}
	space->references = 1;
	mutex_init(&space->lock);
	list_init(&space->regions);
	space->mmap_top = USER_LIMIT;
	space->stack_limit = STACK_SIZE_MAX;
	return space;
}

void vmspace_limit_stack(struct vmspace *space, uint64_t size)
{
	__atomic_store_n(&space->stack_limit, size < STACK_SIZE_MAX ? size : STACK_SIZE_MAX,
	                 __ATOMIC_RELAXED);
}

uint64_t vmspace_data_bytes(struct vmspace *space)
{
	uint64_t bytes = 0;
	struct region *region;

	mutex_lock(&space->lock);
	for (region = region_first_from(space, 0); region != NULL;
	     region = region_next(space, region))
		if ((region->flags & (PROT_WRITE | REGION_SHARED | REGION_STACK)) == PROT_WRITE)
			bytes += region->end - region->start;
	mutex_unlock(&space->lock);
	return bytes;
}

void vmspace_activate(struct vmspace *space)
{
	mmu_activate(space->root);
}

/* This CPU may still have the space loaded on behalf of the thread that leaves it. */
static void leave(const struct vmspace *space)
{
	preempt_disable();
	if (this_cpu()->page_table == space->root)
		mmu_activate(mmu_kernel_root);
	preempt_enable();
}

struct vmspace *vmspace_hold(struct vmspace *space)
{
	__atomic_fetch_add(&space->references, 1, __ATOMIC_RELAXED);
	return space;
}

void vmspace_put(struct vmspace *space)
{
	struct region *region;

	if (space == NULL || __atomic_sub_fetch(&space->references, 1, __ATOMIC_ACQ_REL) != 0)
		return;
	leave(space);
	while ((region = region_first_from(space, 0)) != NULL) {
		mapping_drop(space, region->start, region->end);
		region_remove(space, region);
	}
	mmu_destroy(core_rights.pages, space->root);
	heap_free(&core_heap, space);
}

static int copy_regions(struct vmspace *from, struct vmspace *to)
{
	struct region *region, *copy;
	int result;

	for (region = region_first_from(from, 0); region != NULL;
	     region = region_next(from, region)) {
		if (region->flags & REGION_NOT_FORKED)
			continue;
		copy = region_insert(to, region);
		if (copy == NULL)
			return -ENOMEM;
		copy->flags &= ~REGION_LOCKED; /* a child inherits no memory locks (mlock(2)) */
		if (region->flags & REGION_WIPED_ON_FORK)
			continue;
		result = mapping_share(from, region->start, region->end, to, region->start,
		                       !(region->flags & REGION_SHARED));
		if (result != 0)
			return result;
	}
	return 0;
}

struct vmspace *vmspace_fork(struct vmspace *space)
{
	struct vmspace *copy = fork_leaves_reserve() ? vmspace_create() : NULL;
	int result;

	if (copy == NULL)
		return NULL;
	mutex_lock(&space->lock);
	copy->brk_start = space->brk_start;
	copy->brk_end = space->brk_end;
	copy->stack_start = space->stack_start;
	copy->environment_start = space->environment_start;
	copy->environment_end = space->environment_end;
	copy->mmap_top = space->mmap_top;
	copy->stack_limit = space->stack_limit;
	result = copy_regions(space, copy);
	/* Before anyone may write through an old translation to what is shared now. */
	mmu_flush(space->root, 0, USER_LIMIT);
	mutex_unlock(&space->lock);
	if (result == 0)
		return copy;
	vmspace_put(copy);
	return NULL;
}
