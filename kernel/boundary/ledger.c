/* SPDX-License-Identifier: MIT
 *
 * The running call's ledger, and what giving back an entry means.
 */
#include <kernel/boundary/ledger.h>

#include <kernel/boundary/core_call_impl.h>
#include <kernel/boundary/ledger_end.h>
#include <kernel/boundary/record.h>
#include <kernel/boundary/service.h>
#include <kernel/log/log.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/proc/thread.h>
#include <kernel/vfs/page_store.h>

void ledger_free_block(struct service *service, struct ledger_entry entry)
{
	heap_free(&service->heap, entry.object);
}

void ledger_destroy_store(struct service *service, struct ledger_entry entry)
{
	page_store_destroy(core_rights.pages, service, entry.number);
}

void ledger_make_room(void)
{
	const struct boundary_record *record = current_thread()->boundary;

	if (record && !ledger_has_room(&record->ledger))
		panic_caller(CAUSE_panic, "the call's ledger is full");
}

void ledger_add(struct ledger_entry entry)
{
	struct boundary_record *record = current_thread()->boundary;

	if (record && !ledger_push(&record->ledger, entry))
		panic("nobody made room in the ledger of %s", record->operation);
}
