/* SPDX-License-Identifier: MIT */
#include <kernel/mm/region_info.h>

#include <arch/mmu.h>
#include <kernel/boundary/core_info.h>
#include <kernel/boundary/service.h>
#include <kernel/lib/string.h>
#include <kernel/mm/region.h>
#include <kernel/mm/vdso.h>
#include <kernel/vfs/vnode_name.h>
#include <linux/mman.h>

static void name_region(const struct vmspace *space, const struct region *region,
                        struct region_info *info)
{
	const char *name = "";

	if (region->vnode) {
		vnode_mapped_path(region->vnode, info->name, sizeof(info->name));
		return;
	}
	if (region->shared)
		name = vdso_name(region);
	else if (region->flags & REGION_STACK)
		name = "[stack]";
	else if (region->start < space->brk_end && region->end > space->brk_start)
		name = "[heap]";
	string_copy(info->name, name, sizeof(info->name));
}

static void describe(const struct vmspace *space, const struct region *region,
                     struct region_info *info)
{
	memset(info, 0, sizeof(*info));
	info->start = region->start;
	info->end = region->end;
	info->readable = region->flags & PROT_READ;
	info->writable = region->flags & PROT_WRITE;
	info->executable = region->flags & PROT_EXEC;
	/* The core's own are nobody's to share, as on Linux. */
	info->shared = (region->flags & REGION_SHARED) && !vdso_name(region)[0];
	if (region->vnode) {
		info->offset = region->offset;
		info->object = region->vnode->object;
		info->device = region->vnode->service->owner;
	}
	name_region(space, region, info);
}

int vmspace_describe(struct vmspace *space, uint64_t from, struct region_info *info)
{
	struct region *region;

	mutex_lock(&space->lock);
	region = region_first_from(space, from);
	if (region)
		describe(space, region, info);
	mutex_unlock(&space->lock);
	return region != NULL;
}

uint64_t vmspace_peek(struct vmspace *space, uint64_t address, void *to, uint64_t size)
{
	uint64_t within = address % PAGE_SIZE;
	unsigned int protection;
	paddr_t page;
	bool there;

	if (size > PAGE_SIZE - within)
		size = PAGE_SIZE - within;
	mutex_lock(&space->lock);
	there = mmu_lookup(space->root, address - within, &page, &protection);
	if (there)
		memcpy(to, (const char *)phys_to_virt(page) + within, size);
	mutex_unlock(&space->lock);
	return there ? size : 0;
}
