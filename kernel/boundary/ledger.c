/* SPDX-License-Identifier: MIT
 *
 * What a call holds of the core's, given back in reverse when it falls.
 */
#include <kernel/boundary/call.h>
#include <kernel/boundary/core_call_impl.h>
#include <kernel/boundary/record.h>
#include <kernel/boundary/service.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/proc/thread.h>
#include <kernel/vfs/page_store.h>

void ledger_add(enum ledger_kind kind, void *object, uint64_t number)
{
	struct boundary_record *record = current_thread()->boundary;
	struct ledger_entry entry = {kind, object, number};

	if (record && !ledger_push(&record->ledger, entry))
		panic_caller(CAUSE_panic, "the call's ledger is full");
}

void ledger_give_back(struct service *service, struct ledger_call *ledger)
{
	struct ledger_entry entry;

	while (ledger_pop(ledger, &entry)) {
		if (entry.kind == LEDGER_HEAP)
			heap_free(&service->heap, entry.object);
		else if (entry.kind == LEDGER_PAGE_STORE)
			page_store_destroy(core_rights.pages, service, entry.number);
	}
}

void ledger_commit(struct service *service, struct ledger_call *ledger)
{
	/* What the call allocated is the service's now; what it gave up goes. */
	for (uint32_t i = 0; i < ledger->count; i++)
		if (ledger->entries[i].kind == LEDGER_HEAP_FREE)
			heap_free(&service->heap, ledger->entries[i].object);
	ledger->count = 0;
}
