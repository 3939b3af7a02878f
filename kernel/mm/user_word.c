/* SPDX-License-Identifier: MIT
 *
 * Words of user memory, reached through the page that holds them: under the space's mutex its
 * mapping stays.
 */
#include <arch/mmu.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/page.h>
#include <kernel/mm/region.h>
#include <kernel/mm/user_word.h>
#include <kernel/mm/vmspace.h>
#include <kernel/proc/process.h>

struct word_identity user_word_identity(uint64_t address, bool is_private)
{
	struct vmspace *space = current_process()->vmspace;
	struct word_identity identity = {space, address};
	const struct region *region;

	if (is_private)
		return identity;
	mutex_lock(&space->lock);
	region = region_find(space, address);
	if (region && (region->flags & REGION_SHARED)) {
		identity.object =
		        region->vnode ? (const void *)region->vnode : (const void *)region->shared;
		identity.offset = region->offset + (address - region->start);
	}
	mutex_unlock(&space->lock);
	return identity;
}

/* Whether the page is there to be written to; then the exchange was tried. */
static bool try_exchange(struct vmspace *space, uint64_t address, uint32_t *expected,
                         uint32_t desired, int *result)
{
	unsigned int protection;
	uint32_t *word;
	paddr_t page;
	bool there;

	mutex_lock(&space->lock);
	there = mmu_lookup(space->root, PAGE_ALIGN_DOWN(address), &page, &protection) &&
	        (protection & MMU_WRITE);
	if (there) {
		word = (uint32_t *)((char *)phys_to_virt(page) + address % PAGE_SIZE);
		*result = __atomic_compare_exchange_n(word, expected, desired, false,
		                                      __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)
		                  ? 0
		                  : -EAGAIN;
	}
	mutex_unlock(&space->lock);
	return there;
}

int user_word_exchange(uint64_t address, uint32_t *expected, uint32_t desired)
{
	struct vmspace *space = current_process()->vmspace;
	int result = -EFAULT;

	if (!user_range_ok(address, sizeof(*expected)))
		return -EFAULT;
	while (!try_exchange(space, address, expected, desired, &result))
		if (vmspace_fault(space, address, FAULT_WRITE) != 0)
			return -EFAULT;
	return result;
}
