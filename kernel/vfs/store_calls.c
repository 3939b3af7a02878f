/* SPDX-License-Identifier: MIT
 *
 * What a service may do to the contents of its own objects: the core's side of
 * the core_store_* rows of core_calls.def. A service reaches its own stores only,
 * since the key is the calling service. The gate has validated the token.
 */
#include <kernel/boundary/ledger.h>
#include <kernel/boundary/service.h>
#include <kernel/boundary/core_call_impl.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/vfs/page_store.h>

int core_do_core_store_reserve(CAP(page_alloc) cap, uint64_t object, uint64_t offset, uint64_t size)
{
	struct page_store *store;
	bool made;
	int error;

	ledger_make_room();
	store = page_store_make(service_current(), object, &made);
	if (!store)
		return -ENOMEM;
	/* A store that a failed call made would belong to an object that never was. */
	if (made)
		ledger_add((struct ledger_entry){LEDGER_PAGE_STORE, .number = object});
	error = page_store_reserve(core_rights.pages, store, offset, size);
	page_store_put(store);
	return error;
}

void core_do_core_store_destroy(CAP(page_alloc) cap, uint64_t object)
{
	page_store_destroy(core_rights.pages, service_current(), object);
}

uint64_t core_do_core_store_pages(uint64_t object)
{
	struct page_store *store = page_store_find(service_current(), object);
	uint64_t pages = 0;

	if (store) {
		pages = page_store_pages(store);
		page_store_put(store);
	}
	return pages;
}
