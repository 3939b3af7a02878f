/* SPDX-License-Identifier: MIT */
#include <kernel/boundary/damage.h>

#include <kernel/log/log.h>
#include <kernel/mm/page.h>
#include <kernel/mm/page_alloc.h>

void damage_pages(void)
{
	paddr_t run = page_alloc(core_rights.pages, 1);
	struct page *first;

	ASSERT(run != 0);
	page_put(core_rights.pages, run);
	/* The run may have merged; the page is in it all the same. */
	first = page_of(run);
	first->order = 0;
	__atomic_store_n(&first->references, 1, __ATOMIC_RELEASE);
	page_put(core_rights.pages, run);
}
