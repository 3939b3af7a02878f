/* SPDX-License-Identifier: MIT
 *
 * Memory that stays, and what is there: mlock(2), mlockall(2), msync(2), mincore(2). Nothing takes
 * a page away from a process yet; the flag tells whoever will that these may not go.
 */
#include <arch/mmu.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/region.h>
#include <kernel/mm/shared_memory.h>
#include <kernel/proc/process.h>
#include <kernel/vfs/vnode.h>
#include <linux/mman.h>

/* The next piece of a region from *at on: its end, or 0 when there is none before `limit`. *access:
 * how to touch its pages so that no later touch has to copy them. */
static uint64_t next_piece(struct vmspace *space, uint64_t *at, uint64_t limit,
                           unsigned int *access)
{
	struct region *region;
	uint64_t end = 0;

	mutex_lock(&space->lock);
	region = region_first_from(space, *at);
	if (region != NULL && region->start < limit) {
		if (region->start > *at)
			*at = region->start;
		end = region->end < limit ? region->end : limit;
		*access = 0;
		if (region->flags & PROT_WRITE && !(region->flags & REGION_SHARED))
			*access = FAULT_WRITE;
	}
	mutex_unlock(&space->lock);
	return end;
}

long vmspace_populate(struct vmspace *space, uint64_t start, uint64_t end, bool all)
{
	unsigned int access;
	uint64_t piece_end;

	while (start < end && (piece_end = next_piece(space, &start, end, &access)) != 0) {
		for (; start < piece_end; start += PAGE_SIZE) {
			int error = vmspace_fault(space, start, access);

			if (error == -ENOMEM || (error && all))
				return error;
			if (signal_pending())
				return -EINTR;
			/* The rest of this region is no better. */
			if (error)
				start = piece_end - PAGE_SIZE;
		}
	}
	return 0;
}

/* ---- locking ---- */

/* With the mutex. The range is covered. */
static long change_lock(struct vmspace *space, uint64_t start, uint64_t end, bool locked)
{
	struct region *region;

	if (region_split_range(space, start, end) != 0)
		return -ENOMEM;
	for (region = region_first_from(space, start); region != NULL && region->start < end;
	     region = region_next(space, region))
		region->flags = (region->flags & ~REGION_LOCKED) | (locked ? REGION_LOCKED : 0);
	region_join_range(space, start, end);
	return 0;
}

/* The pages that the bytes lie in: 0, 1 for no bytes, -EINVAL. */
static long pages_of(uint64_t address, uint64_t size, struct user_span *span)
{
	uint64_t start = PAGE_ALIGN_DOWN(address);

	if (size == 0)
		return 1;
	if (size > UINT64_MAX - (address - start) - PAGE_SIZE)
		return -EINVAL;
	return user_span(start, size + (address - start), span) ? 0 : -ENOMEM;
}

static long set_lock(struct vmspace *space, const struct user_span *span, bool locked)
{
	long result = -ENOMEM;

	mutex_lock(&space->lock);
	if (region_range_is_covered(space, span->start, span->end))
		result = change_lock(space, span->start, span->end, locked);
	mutex_unlock(&space->lock);
	return result;
}

/* mlock(2): memory that may not be touched at all is -ENOMEM, none to be had is -EAGAIN. */
static long populate_error(long error)
{
	if (error == -EINTR)
		return error;
	return error == -ENOMEM ? -EAGAIN : error ? -ENOMEM : 0;
}

long vmspace_lock(struct vmspace *space, uint64_t address, uint64_t size, bool on_fault)
{
	struct user_span span;
	long result = pages_of(address, size, &span);

	if (result)
		return result < 0 ? result : 0;
	result = set_lock(space, &span, true);
	if (result || on_fault)
		return result;
	return populate_error(vmspace_populate(space, span.start, span.end, true));
}

long vmspace_unlock(struct vmspace *space, uint64_t address, uint64_t size)
{
	struct user_span span;
	long result = pages_of(address, size, &span);

	if (result)
		return result < 0 ? result : 0;
	return set_lock(space, &span, false);
}

static void mark_all(struct vmspace *space, bool locked)
{
	struct region *region;

	for (region = region_first_from(space, 0); region != NULL;
	     region = region_next(space, region))
		region->flags = (region->flags & ~REGION_LOCKED) | (locked ? REGION_LOCKED : 0);
}

long vmspace_lock_all(struct vmspace *space, bool current, bool future, bool on_fault)
{
	mutex_lock(&space->lock);
	space->future_flags = future ? REGION_LOCKED : 0;
	space->future_on_fault = on_fault;
	if (current)
		mark_all(space, true);
	mutex_unlock(&space->lock);
	/* What cannot be filled (a guard, say) does not matter: mlockall(2) answers 0 for it. */
	if (current && !on_fault)
		(void)vmspace_populate(space, USER_ADDRESS_MIN, USER_LIMIT, false);
	return 0;
}

long vmspace_unlock_all(struct vmspace *space)
{
	mutex_lock(&space->lock);
	space->future_flags = 0;
	mark_all(space, false);
	mutex_unlock(&space->lock);
	return 0;
}

/* ---- what is there ---- */

long vmspace_sync(struct vmspace *space, uint64_t address, uint64_t size, bool invalidate)
{
	struct user_span span;
	long result = 0;

	if (address & ~PAGE_MASK)
		return -EINVAL;
	if (size == 0)
		return 0;
	if (!user_span(address, size, &span))
		return -ENOMEM;
	mutex_lock(&space->lock);
	if (invalidate && region_range_has(space, span.start, span.end, REGION_LOCKED))
		result = -EBUSY;
	else if (!region_range_is_covered(space, span.start, span.end))
		result = -ENOMEM;
	mutex_unlock(&space->lock);
	return result;
}

/* A page is there when it is mapped, or its file or shared memory has it. */
static bool is_resident(struct vmspace *space, const struct region *region, uint64_t va)
{
	uint64_t offset = region->offset + (va - region->start);
	unsigned int protection;
	paddr_t page;

	if (mmu_lookup(space->root, va, &page, &protection))
		return true;
	if (region->vnode != NULL)
		return vnode_has_page(region->vnode, offset);
	return region->shared != NULL && shared_memory_has_page(region->shared, offset);
}

long vmspace_resident(struct vmspace *space, uint64_t address, uint64_t count, uint8_t *pages)
{
	struct region *region = NULL;
	long result = 0;

	mutex_lock(&space->lock);
	for (uint64_t i = 0; i < count && result == 0; i++) {
		uint64_t va = address + (i << PAGE_SHIFT);

		if (region == NULL || region->end <= va)
			region = region_find(space, va);
		if (region == NULL)
			result = -ENOMEM;
		else
			pages[i] = is_resident(space, region, va);
	}
	mutex_unlock(&space->lock);
	return result;
}
