/* SPDX-License-Identifier: MIT
 *
 * mmap(2), munmap(2), mprotect(2).
 */
#include <kernel/lib/errno.h>
#include <kernel/mm/map_range.h>
#include <kernel/mm/mapping.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/mm/region.h>
#include <kernel/mm/shared_memory.h>
#include <linux/mman.h>

_Static_assert(USER_PAGE == PAGE_SIZE, "a span of user space is whole pages");

long unmap_range(struct vmspace *space, uint64_t start, uint64_t end)
{
	struct region *region = region_first_from(space, start), *next;

	if (region == NULL || region->start >= end)
		return 0;
	if (region_split_range(space, start, end) != 0)
		return -ENOMEM;
	mapping_drop(space, start, end);
	for (region = region_first_from(space, start); region != NULL && region->start < end;
	     region = next) {
		next = region_next(space, region);
		region_remove(space, region);
	}
	return 0;
}

/* Memory that can never be there is refused at once (vm.overcommit_memory 0). */
static bool is_overcommit(uint64_t size, int protection, int flags)
{
	return protection & PROT_WRITE && !(flags & MAP_NORESERVE) &&
	       size >> PAGE_SHIFT > page_count_total();
}

/* Where the mapping goes: 0 or a negative errno. */
static long choose_span(struct vmspace *space, uint64_t address, uint64_t size, int flags,
                        struct user_span *span)
{
	uint64_t start;

	if (flags & (MAP_FIXED | MAP_FIXED_NOREPLACE)) {
		if (address & ~PAGE_MASK)
			return -EINVAL;
		if (address < USER_ADDRESS_MIN)
			return -EPERM;
		if (!user_span(address, size, span))
			return -ENOMEM;
		if (region_range_is_free(space, span->start, span->end))
			return 0;
		return flags & MAP_FIXED_NOREPLACE ? -EEXIST
		                                   : unmap_range(space, span->start, span->end);
	}
	start = PAGE_ALIGN_DOWN(address);
	if (start != 0 && user_span(start, size, span) &&
	    region_bounds_ok(span->start, span->end) &&
	    region_range_is_free(space, span->start, span->end))
		return 0;
	start = region_find_gap(space, size);
	return start != 0 && user_span(start, size, span) ? 0 : -ENOMEM;
}

/* With the mutex. The region's reference to shared memory is its own. */
static long map_locked(struct vmspace *space, uint64_t address, uint64_t size, int protection,
                       int flags, struct vnode *vnode, uint64_t offset)
{
	struct region region = {.flags = (uint32_t)protection & REGION_PROTECTION,
	                        .vnode = vnode,
	                        .offset = offset};
	struct region *inserted;
	struct user_span span;
	long result = choose_span(space, address, size, flags, &span);

	if (result < 0)
		return result;
	region.start = span.start;
	region.end = span.end;
	if ((flags & MAP_TYPE) != MAP_PRIVATE) {
		region.flags |= REGION_SHARED;
		if (flags & MAP_DENYWRITE)
			region.flags |= REGION_READ_ONLY;
		if (vnode == NULL) {
			region.shared = shared_memory_create(size);
			if (region.shared == NULL)
				return -ENOMEM;
		}
	}
	if (flags & MAP_GROWSDOWN)
		region.flags |= REGION_STACK;
	if (flags & MAP_LOCKED)
		region.flags |= REGION_LOCKED;
	inserted = region_insert(space, &region);
	if (region.shared != NULL)
		shared_memory_put(region.shared);
	if (inserted == NULL)
		return -ENOMEM;
	region_join(space, inserted);
	return (long)span.start;
}

/* Whether a new mapping gets its pages at once. */
static bool is_filled(const struct vmspace *space, int protection, int flags)
{
	if (protection == PROT_NONE || flags & MAP_NONBLOCK)
		return false;
	return flags & (MAP_POPULATE | MAP_LOCKED) ||
	       (space->future_flags & REGION_LOCKED && !space->future_on_fault);
}

long vmspace_map(struct vmspace *space, uint64_t address, uint64_t size, int protection, int flags,
                 struct vnode *vnode, uint64_t offset)
{
	int type = flags & MAP_TYPE;
	long result;

	if (type != MAP_PRIVATE && type != MAP_SHARED && type != MAP_SHARED_VALIDATE)
		return -EINVAL;
	if (size == 0 || offset & ~PAGE_MASK)
		return -EINVAL;
	size = user_pages(size);
	if (size == 0 || is_overcommit(size, protection, flags))
		return -ENOMEM;
	if (offset > UINT64_MAX - size)
		return -EOVERFLOW;
	mutex_lock(&space->lock);
	result = map_locked(space, address, size, protection, flags, vnode,
	                    vnode == NULL ? 0 : offset);
	mutex_unlock(&space->lock);
	/* What cannot be had now may be later, by its fault (mmap(2), MAP_POPULATE). */
	if (result > 0 && is_filled(space, protection, flags))
		(void)vmspace_populate(space, (uint64_t)result, (uint64_t)result + size, false);
	return result;
}

long vmspace_unmap(struct vmspace *space, uint64_t address, uint64_t size)
{
	struct user_span span;
	long result;

	if (!user_span(address, size, &span))
		return -EINVAL;
	mutex_lock(&space->lock);
	result = unmap_range(space, span.start, span.end);
	mutex_unlock(&space->lock);
	return result;
}

static void protect_range(struct vmspace *space, uint64_t start, uint64_t end, int protection)
{
	struct region *region = region_first_from(space, start);

	for (; region != NULL && region->start < end; region = region_next(space, region)) {
		region->flags = (region->flags & ~REGION_PROTECTION) |
		                ((uint32_t)protection & REGION_PROTECTION);
		mapping_protect(space, region);
	}
	region_join_range(space, start, end);
}

/* PROT_GROWSDOWN: down to the start of the stack that the span starts in. Nothing here grows up. */
static long widen_span(struct vmspace *space, int grows, struct user_span *span)
{
	struct region *region = region_first_from(space, span->start);

	if (grows == 0)
		return 0;
	if (region == NULL || region->start >= span->end)
		return -ENOMEM;
	if (grows != PROT_GROWSDOWN || !(region->flags & REGION_STACK))
		return -EINVAL;
	span->start = region->start;
	return 0;
}

static long protect_locked(struct vmspace *space, const struct user_span *span, int protection)
{
	struct region *region = region_find(space, span->start);
	uint64_t at = span->start;
	long result = 0;

	/* Up to a gap, or to what may not be written, it is done (mprotect(2), NOTES). */
	for (; region != NULL && region->start <= at && at < span->end && result == 0;
	     region = region_next(space, region)) {
		if (protection & PROT_WRITE && region->flags & REGION_READ_ONLY)
			result = -EACCES;
		else
			at = region->end < span->end ? region->end : span->end;
	}
	if (result == 0 && at < span->end)
		result = -ENOMEM;
	if (region_split_range(space, span->start, at) != 0)
		return -ENOMEM;
	protect_range(space, span->start, at, protection);
	return result;
}

long vmspace_protect(struct vmspace *space, uint64_t address, uint64_t size, int protection)
{
	int grows = protection & (PROT_GROWSDOWN | PROT_GROWSUP);
	struct user_span span;
	long result;

	protection &= ~grows;
	if (address & ~PAGE_MASK || protection & ~(int)REGION_PROTECTION ||
	    grows == (PROT_GROWSDOWN | PROT_GROWSUP))
		return -EINVAL;
	if (size == 0)
		return 0;
	if (!user_span(address, size, &span))
		return -ENOMEM;
	mutex_lock(&space->lock);
	result = widen_span(space, grows, &span);
	if (result == 0)
		result = protect_locked(space, &span, protection);
	mutex_unlock(&space->lock);
	return result;
}
