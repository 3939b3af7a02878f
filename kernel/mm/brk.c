/* SPDX-License-Identifier: MIT
 *
 * brk(2), as the system call is: the answer is where the break is now, moved or not.
 */
#include <kernel/mm/map_range.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/mm/region.h>
#include <linux/mman.h>

static void move_break(struct vmspace *space, uint64_t end)
{
	uint64_t old_top = user_pages(space->brk_end), top = user_pages(end);

	if (top < old_top) {
		if (unmap_range(space, top, old_top) != 0)
			return;
	} else if (top > old_top) {
		struct region region = {
		        .start = old_top, .end = top, .flags = PROT_READ | PROT_WRITE};
		struct region *inserted;

		if ((top - old_top) >> PAGE_SHIFT > page_count_total() ||
		    !region_range_is_free(space, old_top, top))
			return;
		inserted = region_insert(space, &region);
		if (inserted == NULL)
			return;
		region_join(space, inserted);
	}
	space->brk_end = end;
}

long vmspace_brk(struct vmspace *space, uint64_t end)
{
	long result;

	mutex_lock(&space->lock);
	if (end >= space->brk_start && end <= USER_LIMIT)
		move_break(space, end);
	result = (long)space->brk_end;
	mutex_unlock(&space->lock);
	return result;
}
