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
	struct user_span old;
	uint64_t new_size; /* bytes, in whole pages */
	int flags;
	struct user_span wanted; /* with MREMAP_FIXED */
};

static uint64_t size_of_old(const struct remap *remap)
{
	return remap->old.end - remap->old.start;
}

static long move(struct vmspace *space, const struct remap *remap)
{
	uint64_t kept = size_of_old(remap) < remap->new_size ? size_of_old(remap) : remap->new_size;
	struct user_span to = remap->wanted;
	struct region like, *moved;
	long result = 0;

	if (!(remap->flags & MREMAP_FIXED) &&
	    !user_span(region_find_gap(space, remap->new_size), remap->new_size, &to))
		return -ENOMEM;
	if (to.start == 0)
		return -ENOMEM;
	/* Splitting first: from here on the old range can be unmapped without memory. */
	if (region_split_range(space, remap->old.start, remap->old.end) != 0 ||
	    unmap_range(space, to.start, to.end) != 0)
		return -ENOMEM;
	like = *region_find(space, remap->old.start);
	like.start = to.start;
	like.end = to.end;
	moved = region_insert(space, &like);
	if (moved == NULL)
		return -ENOMEM;
	/* Both places map the pages for a moment, so that a failure half way loses nothing. */
	if (mapping_share(space, remap->old.start, remap->old.start + kept, space, to.start,
	                  false) != 0) {
		mapping_drop(space, like.start, like.end);
		region_remove(space, moved);
		return -ENOMEM;
	}
	if (remap->flags & MREMAP_DONTUNMAP)
		mapping_drop(space, remap->old.start, remap->old.end);
	else
		result = unmap_range(space, remap->old.start, remap->old.end);
	region_join(space, moved);
	return result == 0 ? (long)to.start : result;
}

static long grow_in_place(struct vmspace *space, const struct region *from,
                          const struct remap *remap)
{
	struct region *inserted;
	uint64_t end = remap->old.end;
	struct region region = *from;
	struct user_span grown;

	if (!user_span(remap->old.start, remap->new_size, &grown) || from->end != end ||
	    from->shared != NULL || !region_bounds_ok(end, grown.end) ||
	    !region_range_is_free(space, end, grown.end))
		return -ENOMEM;
	region.offset += from->end - from->start;
	region.start = end;
	region.end = grown.end;
	inserted = region_insert(space, &region);
	if (inserted == NULL)
		return -ENOMEM;
	region_join(space, inserted);
	return (long)remap->old.start;
}

static long remap_locked(struct vmspace *space, const struct remap *remap)
{
	struct region *from = region_find(space, remap->old.start);
	uint64_t size = size_of_old(remap);
	long result;

	if (from == NULL || from->end < remap->old.end)
		return -EFAULT;
	/* No size: another mapping of what is shared (mremap(2)). */
	if (size == 0 && !(from->flags & REGION_SHARED && remap->flags & MREMAP_MAYMOVE))
		return -EINVAL;
	if (remap->new_size > size && (remap->new_size - size) >> PAGE_SHIFT > page_count_total())
		return -ENOMEM;
	if (remap->flags & (MREMAP_FIXED | MREMAP_DONTUNMAP) || size == 0)
		return move(space, remap);
	if (remap->new_size <= size) {
		result = unmap_range(space, remap->old.start + remap->new_size, remap->old.end);
		return result == 0 ? (long)remap->old.start : result;
	}
	result = grow_in_place(space, from, remap);
	if (result < 0 && remap->flags & MREMAP_MAYMOVE)
		return move(space, remap);
	return result;
}

long vmspace_remap(struct vmspace *space, uint64_t old, uint64_t old_size, uint64_t new_size,
                   int flags, uint64_t new_address)
{
	struct remap remap = {.new_size = user_pages(new_size), .flags = flags};
	long result;

	if (flags & ~(MREMAP_MAYMOVE | MREMAP_FIXED | MREMAP_DONTUNMAP) || old & ~PAGE_MASK ||
	    remap.new_size == 0)
		return -EINVAL;
	if (flags & MREMAP_DONTUNMAP &&
	    (!(flags & MREMAP_MAYMOVE) || user_pages(old_size) != remap.new_size))
		return -EINVAL;
	remap.old = (struct user_span){old, old};
	if (old_size != 0 && !user_span(old, old_size, &remap.old))
		return -EFAULT;
	if (flags & MREMAP_FIXED) {
		/* The two ranges may not overlap. */
		if (!(flags & MREMAP_MAYMOVE) || new_address < USER_ADDRESS_MIN ||
		    !user_span(new_address, new_size, &remap.wanted) ||
		    (old < remap.wanted.end && new_address < remap.old.end))
			return -EINVAL;
	}
	mutex_lock(&space->lock);
	result = remap_locked(space, &remap);
	mutex_unlock(&space->lock);
	return result;
}
