/* SPDX-License-Identifier: MIT
 *
 * Page faults: find the region, find or make the page, map it.
 */
#include <arch/mmu.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/mapping.h>
#include <kernel/mm/page.h>
#include <kernel/mm/region.h>
#include <kernel/mm/shared_memory.h>
#include <kernel/proc/out_of_memory.h>
#include <kernel/vfs/vnode.h>
#include <linux/mman.h>

static bool access_is_allowed(const struct region *region, unsigned int access)
{
	if (access & FAULT_WRITE)
		return region->flags & PROT_WRITE;
	if (access & FAULT_EXEC)
		return region->flags & PROT_EXEC;
	/* On x86 what may be written or executed can be read. */
	return region->flags & REGION_PROTECTION;
}

/* A page of the process's own with another's contents; 0 when memory is out. */
static paddr_t copy_page(paddr_t from) NEEDS_RIGHT(page_alloc)
{
	paddr_t page = page_run_take(0, PAGE_PROCESS);

	if (page != 0)
		memcpy(phys_to_virt(page), phys_to_virt(from), PAGE_SIZE);
	return page;
}

/* A private page that is mapped and was written to where the entry forbids it. */
static int write_to_private(struct vmspace *space, const struct region *region, uint64_t va,
                            paddr_t page) NEEDS_RIGHT(page_alloc)
{
	unsigned int protection = mapping_protection(region->flags);
	paddr_t copy;

	/* The only reference is this mapping's, so nobody can take another one meanwhile. */
	if (page_references(page) == 1) {
		mmu_protect(space->root, va, protection);
		return 0;
	}
	copy = copy_page(page);
	if (copy == 0)
		return -ENOMEM;
	/* The table exists, so that this cannot fail; if it does, nothing has changed. */
	if (mapping_replace(space, va, copy, protection) != 0) {
		page_run_put(copy);
		return -ENOMEM;
	}
	mmu_flush(space->root, va, va + PAGE_SIZE);
	page_put(core_rights.pages, page);
	return 0;
}

/* Something is mapped: another thread was quicker, or it wants a right that it has not yet. */
static int fault_present(struct vmspace *space, const struct region *region, uint64_t va,
                         unsigned int access, paddr_t page, unsigned int protection)
        NEEDS_RIGHT(page_alloc)
{
	if (!(access & FAULT_WRITE) || protection & MMU_WRITE)
		return 0;
	if (!(region->flags & REGION_SHARED))
		return write_to_private(space, region, va, page);
	mmu_protect(space->root, va, mapping_protection(region->flags));
	return 0;
}

static int fault_anonymous(struct vmspace *space, const struct region *region, uint64_t va)
        NEEDS_RIGHT(page_alloc)
{
	paddr_t page = page_run_take(0, PAGE_PROCESS);
	int result;

	if (page == 0)
		return -ENOMEM;
	memset(phys_to_virt(page), 0, PAGE_SIZE);
	result = mapping_add(space, va, page, mapping_protection(region->flags));
	if (result != 0)
		page_run_put(page);
	return result;
}

static int fault_shared(struct vmspace *space, const struct region *region, uint64_t va)
        NEEDS_RIGHT(page_alloc)
{
	paddr_t page;
	int result =
	        shared_memory_page(region->shared, region->offset + (va - region->start), &page);

	if (result != 0)
		return result;
	result = mapping_add(space, va, page, mapping_protection(region->flags));
	if (result != 0)
		page_run_put(page);
	return result;
}

/* Map a page of the region's file; takes over the page's reference. */
static int map_file_page(struct vmspace *space, const struct region *region, uint64_t va,
                         unsigned int access, paddr_t page) NEEDS_RIGHT(page_alloc)
{
	unsigned int protection = mapping_protection(region->flags);
	int result;

	if (!(region->flags & REGION_SHARED)) {
		if (access & FAULT_WRITE) {
			paddr_t copy = copy_page(page);

			page_put(core_rights.pages, page);
			if (copy == 0)
				return -ENOMEM;
			page = copy;
		} else {
			protection &= ~MMU_WRITE;
		}
	}
	result = mapping_add(space, va, page, protection);
	if (result != 0)
		page_put(core_rights.pages, page);
	return result;
}

static int fault_file(struct vmspace *space, const struct region *region, uint64_t va,
                      unsigned int access) RELEASES_LOCK(space->lock) NEEDS_RIGHT(page_alloc);

/* The file's page is fetched without the space's mutex, since its service may have to be asked.
 * If the region changed meanwhile the instruction faults again. Gives the mutex up. */
static int fault_file(struct vmspace *space, const struct region *region, uint64_t va,
                      unsigned int access)
{
	struct vnode *vnode = vnode_hold(region->vnode);
	uint64_t offset = region->offset + (va - region->start);
	unsigned int protection;
	paddr_t page, present;
	int result;

	mutex_unlock(&space->lock);
	result = vnode_page(vnode, offset, &page);
	if (result == 0) {
		mutex_lock(&space->lock);
		region = region_find(space, va);
		if (region != NULL && region->vnode == vnode &&
		    region->offset + (va - region->start) == offset &&
		    access_is_allowed(region, access) &&
		    !mmu_lookup(space->root, va, &present, &protection))
			result = map_file_page(space, region, va, access, page);
		else
			page_put(core_rights.pages, page);
		mutex_unlock(&space->lock);
	}
	vnode_put(vnode);
	return result;
}

/* One look at a fault. */
static int resolve(struct vmspace *space, uint64_t address, unsigned int access)
{
	uint64_t va = PAGE_ALIGN_DOWN(address);
	struct region *region;
	unsigned int protection;
	paddr_t page;
	int result;

	if (!region_bounds_ok(va, va + PAGE_SIZE))
		return -EFAULT;
	cap_wield(page_alloc, core_rights.pages);
	mutex_lock(&space->lock);
	region = region_for_fault(space, va);
	if (region == NULL || !access_is_allowed(region, access)) {
		result = -EFAULT;
	} else if (mmu_lookup(space->root, va, &page, &protection)) {
		result = fault_present(space, region, va, access, page, protection);
	} else if (region->vnode != NULL) {
		return fault_file(space, region, va, access);
	} else if (region->shared != NULL) {
		result = fault_shared(space, region, va);
	} else {
		result = fault_anonymous(space, region, va);
	}
	mutex_unlock(&space->lock);
	return result;
}

int vmspace_fault(struct vmspace *space, uint64_t address, unsigned int access)
{
	int result;

	do
		result = resolve(space, address, access);
	while (result == -ENOMEM && out_of_memory_relieve());
	return result;
}
