/* SPDX-License-Identifier: MIT
 *
 * Page-table entries and page references change together here, and nowhere else.
 */
#include <kernel/mm/mapping.h>

#include <arch/mmu.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/page_alloc.h>
#include <linux/mman.h>

#define DROP_BATCH 64 /* pages between two flushes */

unsigned int mapping_protection(uint32_t region_flags)
{
	unsigned int protection = MMU_USER;

	if (!(region_flags & REGION_PROTECTION))
		return MMU_NONE;
	if (region_flags & PROT_WRITE)
		protection |= MMU_WRITE;
	if (region_flags & PROT_EXEC)
		protection |= MMU_EXEC;
	return protection;
}

int mapping_replace(struct vmspace *space, uint64_t va, paddr_t page, unsigned int protection)
{
	unsigned int built = 0;
	int result = mmu_map(core_rights.pages, space->root, va, page, protection, &built);

	space->table_pages += built;
	return result;
}

int mapping_add(struct vmspace *space, uint64_t va, paddr_t page, unsigned int protection)
{
	int result = mapping_replace(space, va, page, protection);

	if (result == 0)
		space->resident_pages++;
	return result;
}

void mapping_drop(struct vmspace *space, uint64_t start, uint64_t end)
{
	paddr_t batch[DROP_BATCH], page;
	unsigned int count, protection;
	uint64_t va = start;

	do {
		uint64_t first = va;

		for (count = 0; count < DROP_BATCH; count++) {
			if (!mmu_next(space->root, &va, end, &page, &protection))
				break;
			batch[count] = mmu_unmap(space->root, va);
			va += PAGE_SIZE;
		}
		if (count > 0)
			mmu_flush(space->root, first, va < end ? va : end);
		for (unsigned int i = 0; i < count; i++)
			page_put(core_rights.pages, batch[i]);
		space->resident_pages -= count;
	} while (count == DROP_BATCH);
}

void mapping_protect(struct vmspace *space, const struct region *region)
{
	unsigned int full = mapping_protection(region->flags), before, after;
	uint64_t va = region->start;
	bool weakened = false;
	paddr_t page;

	for (; mmu_next(space->root, &va, region->end, &page, &before); va += PAGE_SIZE) {
		after = full;
		/* A private page that could not be written may be somebody else's as well:
		 * the fault of the first write finds out. */
		if (!(region->flags & REGION_SHARED) && !(before & MMU_WRITE))
			after &= ~MMU_WRITE;
		if (after == before)
			continue;
		mmu_protect(space->root, va, after);
		weakened = true;
	}
	if (weakened)
		mmu_flush(space->root, region->start, region->end);
}

int mapping_share(struct vmspace *from, uint64_t start, uint64_t end, struct vmspace *to,
                  uint64_t to_start, bool copy_on_write)
{
	unsigned int protection;
	uint64_t va = start;
	paddr_t page;

	for (; mmu_next(from->root, &va, end, &page, &protection); va += PAGE_SIZE) {
		if (copy_on_write && protection & MMU_WRITE) {
			protection &= ~MMU_WRITE;
			mmu_protect(from->root, va, protection);
		}
		page_get(core_rights.pages, page);
		if (mapping_add(to, to_start + (va - start), page, protection) != 0) {
			page_put(core_rights.pages, page);
			return -ENOMEM;
		}
	}
	return 0;
}
