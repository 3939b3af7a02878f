/* SPDX-License-Identifier: MIT
 *
 * The pages are shared memory that nobody may write to but the core, and that is never given up.
 */
#include <kernel/mm/vdso.h>

#include <arch/vdso.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/mm/region.h>
#include <kernel/mm/shared_memory.h>
#include <kernel/time/time.h>
#include <linux/mman.h>

static struct shared_memory *pages; /* that of the clock, then the library's */

static uint64_t image_size(void)
{
	return (uint64_t)(vdso_image_end - vdso_image);
}

static void *make_page(uint64_t offset)
{
	paddr_t page;

	if (shared_memory_page(pages, offset, &page) != 0)
		panic("no memory for the vDSO");
	page_put(core_rights.pages, page); /* the shared memory keeps it */
	return phys_to_virt(page);
}

void vdso_init(void)
{
	pages = shared_memory_create(PAGE_SIZE + image_size());
	if (pages == NULL)
		panic("no memory for the vDSO");
	for (uint64_t at = 0; at < image_size(); at += PAGE_SIZE) {
		uint64_t left = image_size() - at;

		memcpy(make_page(PAGE_SIZE + at), vdso_image + at,
		       left < PAGE_SIZE ? left : PAGE_SIZE);
	}
	time_publish(make_page(0));
}

int vdso_map(struct vmspace *space, uint64_t *start)
{
	uint64_t size = PAGE_ALIGN_UP(image_size());
	struct region region = {.flags = REGION_SHARED | REGION_READ_ONLY | PROT_READ,
	                        .shared = pages};
	int result = -ENOMEM;

	mutex_lock(&space->lock);
	region.start = region_find_gap(space, PAGE_SIZE + size);
	region.end = region.start + PAGE_SIZE;
	if (region.start != 0 && region_insert(space, &region) != NULL) {
		*start = region.start = region.end;
		region.end += size;
		region.offset = PAGE_SIZE;
		region.flags |= PROT_EXEC;
		if (region_insert(space, &region) != NULL)
			result = 0;
	}
	mutex_unlock(&space->lock);
	return result;
}

const char *vdso_name(const struct region *region)
{
	if (region->shared != pages)
		return "";
	return region->offset == 0 ? "[vvar]" : "[vdso]";
}
