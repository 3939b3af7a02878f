/* SPDX-License-Identifier: MIT
 *
 * Pages behind DEVICE_MAP_BASE, one after the other.
 */
#include <stddef.h>

#include <arch/device_map.h>
#include <arch/mmu.h>
#include <kernel/mm/page_alloc.h>

#define DEVICE_MAP_PAGES 256

/* Boot CPU. */
static unsigned int pages_used;

volatile uint8_t *device_map(paddr_t address, uint64_t size)
{
	paddr_t first = PAGE_ALIGN_DOWN(address), end = PAGE_ALIGN_UP(address + size);
	uint64_t va = DEVICE_MAP_BASE + pages_used * PAGE_SIZE;

	if (size == 0 || end <= first || (end - first) / PAGE_SIZE > DEVICE_MAP_PAGES - pages_used)
		return NULL;
	/* A device says where its registers are: it may not say that memory is. */
	for (paddr_t page = first; page < end; page += PAGE_SIZE)
		if (page_is_ram(page))
			return NULL;
	for (paddr_t page = first; page < end; page += PAGE_SIZE, pages_used++)
		if (mmu_map_kernel(core_rights.pages, DEVICE_MAP_BASE + pages_used * PAGE_SIZE,
		                   page, MMU_WRITE | MMU_DEVICE))
			return NULL;
	return (volatile uint8_t *)va + (address - first);
}
