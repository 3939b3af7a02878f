/* SPDX-License-Identifier: MIT
 *
 * Regions: a sorted list. A program has tens of them, and looks mostly where it looked last, so
 * that a walk from there is as quick as a tree here.
 */
#include <kernel/mm/region.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/shared_memory.h>
#include <kernel/vfs/memory_file.h>
#include <kernel/vfs/vnode.h>

static struct region *region_of(struct list *node)
{
	return list_entry(node, struct region, link);
}

bool region_bounds_ok(uint64_t start, uint64_t end)
{
	return start >= USER_ADDRESS_MIN && start <= end && end <= USER_LIMIT;
}

struct region *region_first_from(struct vmspace *space, uint64_t address)
{
	struct list *node = space->regions.next;

	/* Whatever lies before a region that starts no later ends no later. */
	if (space->looked_up != NULL && space->looked_up->start <= address)
		node = &space->looked_up->link;
	for (; node != &space->regions; node = node->next) {
		if (region_of(node)->end > address) {
			space->looked_up = region_of(node);
			return region_of(node);
		}
	}
	return NULL;
}

struct region *region_next(struct vmspace *space, struct region *region)
{
	return region->link.next == &space->regions ? NULL : region_of(region->link.next);
}

struct region *region_find(struct vmspace *space, uint64_t address)
{
	struct region *region = region_first_from(space, address);

	return region != NULL && region->start <= address ? region : NULL;
}

bool region_range_is_free(struct vmspace *space, uint64_t start, uint64_t end)
{
	struct region *region = region_first_from(space, start);

	return region == NULL || region->start >= end;
}

bool region_range_is_covered(struct vmspace *space, uint64_t start, uint64_t end)
{
	struct region *region = region_first_from(space, start);

	while (start < end) {
		if (region == NULL || region->start > start)
			return false;
		start = region->end;
		region = region_next(space, region);
	}
	return true;
}

bool region_range_has(struct vmspace *space, uint64_t start, uint64_t end, uint32_t flag)
{
	struct region *region = region_first_from(space, start);

	for (; region != NULL && region->start < end; region = region_next(space, region)) {
		if (region->flags & flag)
			return true;
	}
	return false;
}

uint64_t region_find_gap(struct vmspace *space, uint64_t size)
{
	uint64_t end = space->mmap_top;

	for (struct list *node = space->regions.prev; node != &space->regions; node = node->prev) {
		struct region *region = region_of(node);

		if (region->start >= end)
			continue;
		if (region->end <= end && end - region->end >= size)
			return end - size;
		end = region->start;
	}
	return end >= USER_ADDRESS_MIN && end - USER_ADDRESS_MIN >= size ? end - size : 0;
}

/* ---- references to what lies behind ---- */

static bool may_write_file(const struct region *region)
{
	return region->vnode != NULL && region->flags & REGION_SHARED &&
	       !(region->flags & REGION_READ_ONLY);
}

static void hold_backing(struct region *region)
{
	if (region->vnode != NULL)
		vnode_hold(region->vnode);
	if (may_write_file(region))
		__atomic_fetch_add(&region->vnode->writable_maps, 1, __ATOMIC_RELAXED);
	if (region->shared != NULL)
		shared_memory_hold(region->shared);
}

static void free_region(struct vmspace *space, struct region *region)
{
	space->region_count--;
	if (space->looked_up == region)
		space->looked_up = NULL;
	if (may_write_file(region))
		vnode_end_writable_map(region->vnode);
	if (region->vnode != NULL)
		vnode_put(region->vnode);
	if (region->shared != NULL)
		shared_memory_put(region->shared);
	heap_free(&core_heap, region);
}

static struct region *copy_region(struct vmspace *space, const struct region *like)
{
	struct region *region;

	if (space->region_count >= REGIONS_MAX)
		return NULL;
	region = heap_alloc(&core_heap, sizeof(*region));
	if (region == NULL)
		return NULL;
	space->region_count++;
	*region = *like;
	list_init(&region->link);
	hold_backing(region);
	return region;
}

/* ---- changing the list ---- */

static bool continues(const struct region *low, const struct region *high)
{
	if (low->end != high->start || low->flags != high->flags || low->vnode != high->vnode ||
	    low->shared != high->shared || low->flags & REGION_STACK)
		return false;
	if (low->vnode == NULL && low->shared == NULL)
		return true;
	return low->offset + (low->end - low->start) == high->offset;
}

void region_join(struct vmspace *space, struct region *region)
{
	struct region *low, *high = region_next(space, region);

	if (high != NULL && continues(region, high)) {
		region->end = high->end;
		list_remove(&high->link);
		free_region(space, high);
	}
	if (region->link.prev == &space->regions)
		return;
	low = region_of(region->link.prev);
	if (continues(low, region)) {
		low->end = region->end;
		list_remove(&region->link);
		free_region(space, region);
	}
}

void region_join_range(struct vmspace *space, uint64_t start, uint64_t end)
{
	struct region *region;

	while ((region = region_first_from(space, start)) != NULL && region->start < end) {
		start = region->end;
		region_join(space, region);
	}
}

struct region *region_insert(struct vmspace *space, const struct region *like)
{
	struct region *behind = region_first_from(space, like->start);
	struct region *region = copy_region(space, like);

	if (region == NULL)
		return NULL;
	region->flags |= space->future_flags;
	list_add_tail(behind == NULL ? &space->regions : &behind->link, &region->link);
	space->virtual_bytes += region->end - region->start;
	return region;
}

static int split_at(struct vmspace *space, uint64_t address)
{
	struct region *low = region_find(space, address), *high;

	if (low == NULL || low->start == address)
		return 0;
	high = copy_region(space, low);
	if (high == NULL)
		return -ENOMEM;
	high->start = address;
	high->offset += address - low->start;
	low->end = address;
	list_add_after(&low->link, &high->link);
	return 0;
}

int region_split_range(struct vmspace *space, uint64_t start, uint64_t end)
{
	int result = split_at(space, start);

	return result != 0 ? result : split_at(space, end);
}

void region_remove(struct vmspace *space, struct region *region)
{
	list_remove(&region->link);
	space->virtual_bytes -= region->end - region->start;
	free_region(space, region);
}

struct region *region_for_fault(struct vmspace *space, uint64_t address)
{
	struct region *region = region_first_from(space, address);
	uint64_t page = PAGE_ALIGN_DOWN(address), floor = USER_ADDRESS_MIN;

	if (region == NULL || region->start <= address)
		return region;
	if (!(region->flags & REGION_STACK) ||
	    region->end - page > __atomic_load_n(&space->stack_limit, __ATOMIC_RELAXED))
		return NULL;
	if (region->link.prev != &space->regions)
		floor = region_of(region->link.prev)->end + STACK_GUARD_SIZE;
	if (page < floor)
		return NULL;
	space->virtual_bytes += region->start - page;
	region->start = page;
	return region;
}
