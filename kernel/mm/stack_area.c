/* SPDX-License-Identifier: MIT
 *
 * Slots by a bitmap; their pages come and go with the mapping.
 */
#include <arch/mmu.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/mm/stack_area.h>

#define SLOT_SIZE(area) (((area)->pages + 1) * PAGE_SIZE)

/* A free slot, taken; STACK_AREA_SLOTS when there is none. */
static unsigned int take_slot(struct stack_area *area)
{
	unsigned long flags = spin_lock_irq(&area->lock);
	unsigned int slot = STACK_AREA_SLOTS;

	for (unsigned int i = 0; i < STACK_AREA_SLOTS / 64; i++)
		if (~area->used[i]) {
			slot = i * 64 + (unsigned int)__builtin_ctzl(~area->used[i]);
			area->used[i] |= 1UL << slot % 64;
			break;
		}
	spin_unlock_irq(&area->lock, flags);
	return slot;
}

static void release_slot(struct stack_area *area, unsigned int slot)
{
	unsigned long flags = spin_lock_irq(&area->lock);

	area->used[slot / 64] &= ~(1UL << slot % 64);
	spin_unlock_irq(&area->lock, flags);
}

void stack_area_unmap(struct stack_area *area, uint64_t stack)
{
	paddr_t pages[STACK_AREA_PAGES_MAX];

	mmu_unmap_kernel(stack, area->pages, pages);
	for (unsigned int i = 0; i < area->pages; i++)
		if (pages[i])
			page_put(core_rights.pages, pages[i]);
	release_slot(area, (unsigned int)((stack - area->base) / SLOT_SIZE(area)));
}

uint64_t stack_area_map(struct stack_area *area, unsigned int protection)
{
	unsigned int slot = take_slot(area);
	uint64_t stack = area->base + slot * SLOT_SIZE(area) + PAGE_SIZE;

	if (slot == STACK_AREA_SLOTS)
		return 0;
	for (unsigned int i = 0; i < area->pages; i++) {
		paddr_t page = page_alloc(core_rights.pages, 0);

		if (page &&
		    !mmu_map_kernel(core_rights.pages, stack + i * PAGE_SIZE, page, protection))
			continue;
		if (page)
			page_put(core_rights.pages, page);
		stack_area_unmap(area, stack);
		return 0;
	}
	return stack;
}
