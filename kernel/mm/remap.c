/* SPDX-License-Identifier: MIT
 *
 * mremap(2): shrink, grow in place, or move.
 */
#include <kernel/lib/errno.h>
#include <kernel/mm/map_range.h>
#include <kernel/mm/mapping.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/mm/region.h>
#include <linux/mman.h>

struct remap {
	uint64_t old, old_size, new_size; /* bytes, page-aligned */
	int flags;
	uint64_t wanted; /* with MREMAP_FIXED */
};

static long move(struct vmspace *space, const struct remap *remap)
{
	uint64_t kept = remap->old_size < remap->new_size ? remap->old_size : remap->new_size;
	uint64_t old_end = remap->old + remap->old_size;
	uint64_t start = remap->flags & MREMAP_FIXED ? remap->wanted
	                                             : region_find_gap(space, remap->new_size);
	struct region like, *moved;
	long result;

	if (start == 0)
		return -ENOMEM;
	/* Splitting first: from here on the old range can be unmapped without memory. */
	if (region_split_range(space, remap->old, old_end) != 0 ||
	    unmap_range(space, start, start + remap->new_size) != 0)
		return -ENOMEM;
	like = *region_find(space, remap->old);
	like.start = start;
	like.end = start + remap->new_size;
	moved = region_insert(space, &like);
	if (moved == NULL)
		return -ENOMEM;
	/* Both places map the pages for a moment, so that a failure half way loses nothing. */
	if (mapping_share(space, remap->old, remap->old + kept, space, start, false) != 0) {
		mapping_drop(space, like.start, like.end);
		region_remove(space, moved);
		return -ENOMEM;
	}
	result = unmap_range(space, remap->old, old_end);
	region_join(space, moved);
	return result == 0 ? (long)start : result;
}

static long grow_in_place(struct vmspace *space, const struct region *from,
                          const struct remap *remap)
{
	struct region *inserted;
	uint64_t end = remap->old + remap->old_size, new_end = remap->old + remap->new_size;
	struct region region = *from;

	if (from->end != end || from->shared != NULL || !region_bounds_ok(end, new_end) ||
	    !region_range_is_free(space, end, new_end))
		return -ENOMEM;
	region.offset += from->end - from->start;
	region.start = end;
	region.end = new_end;
	inserted = region_insert(space, &region);
	if (inserted == NULL)
		return -ENOMEM;
	region_join(space, inserted);
	return (long)remap->old;
}

static long remap_locked(struct vmspace *space, const struct remap *remap)
{
	struct region *from = region_find(space, remap->old);
	uint64_t end = remap->old + remap->old_size;
	long result;

	if (from == NULL || from->end < end)
		return -EFAULT;
	if (remap->new_size > remap->old_size &&
	    (remap->new_size - remap->old_size) >> PAGE_SHIFT > page_count_total())
		return -ENOMEM;
	if (remap->flags & MREMAP_FIXED)
		return move(space, remap);
	if (remap->new_size <= remap->old_size) {
		result = unmap_range(space, remap->old + remap->new_size, end);
		return result == 0 ? (long)remap->old : result;
	}
	result = grow_in_place(space, from, remap);
	if (result < 0 && remap->flags & MREMAP_MAYMOVE)
		return move(space, remap);
	return result;
}

long vmspace_remap(struct vmspace *space, uint64_t old, uint64_t old_size, uint64_t new_size,
                   int flags, uint64_t new_address)
{
	struct remap remap = {.old = old, .flags = flags, .wanted = new_address};
	long result;

	if (flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED) || old & ~PAGE_MASK || old_size == 0 ||
	    new_size == 0 || old_size > USER_LIMIT || new_size > USER_LIMIT)
		return -EINVAL;
	remap.old_size = PAGE_ALIGN_UP(old_size);
	remap.new_size = PAGE_ALIGN_UP(new_size);
	if (!user_range_ok(old, remap.old_size))
		return -EFAULT;
	if (flags & MREMAP_FIXED) {
		/* The two ranges may not overlap. */
		if (!(flags & MREMAP_MAYMOVE) || new_address & ~PAGE_MASK ||
		    !user_range_ok(new_address, remap.new_size) || new_address < USER_ADDRESS_MIN ||
		    (old < new_address + remap.new_size && new_address < old + remap.old_size))
			return -EINVAL;
	}
	mutex_lock(&space->lock);
	result = remap_locked(space, &remap);
	mutex_unlock(&space->lock);
	return result;
}
