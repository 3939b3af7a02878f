/* SPDX-License-Identifier: MIT
 *
 * The running call's ledger, and what giving back an entry means.
 */
#include <kernel/boundary/ledger.h>

#include <kernel/boundary/call.h>
#include <kernel/boundary/core_call_impl.h>
#include <kernel/boundary/ledger_end.h>
#include <kernel/boundary/record.h>
#include <kernel/boundary/service.h>
#include <kernel/boundary/transaction.h>
#include <kernel/log/log.h>
#include <kernel/mm/heap.h>
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

bool ledger_gives_up(const struct ledger_call *ledger, const void *object)
{
	for (uint32_t i = 0; i < ledger->count; i++)
		if (ledger->entries[i].kind == LEDGER_HEAP_FREE &&
		    ledger->entries[i].object == object)
			return true;
	return false;
}

/* Whether an object that the call made, and keeps, holds the address. */
static bool new_objects_refer(const struct ledger_call *ledger, const void *address)
{
	for (uint32_t i = 0; i < ledger->count; i++) {
		void *const *words = ledger->entries[i].object;

		if (ledger->entries[i].kind != LEDGER_HEAP || ledger_gives_up(ledger, words))
			continue;
		for (uint64_t word = 0; word < ledger->entries[i].number / sizeof(*words); word++)
			if (words[word] == address)
				return true;
	}
	return false;
}

const char *ledger_fault(struct service *service, const struct ledger_call *ledger)
{
	for (uint32_t i = 0; i < ledger->count; i++) {
		const void *object = ledger->entries[i].object;

		if (ledger->entries[i].kind == LEDGER_HEAP_FREE && service->transaction &&
		    (new_objects_refer(ledger, object) || transaction_refers(service, object)))
			return "it keeps the address of an object that it freed";
	}
	if (service->transaction && !transaction_keeps_ends(service, ledger))
		return "it wrote behind the end of an object";
	return NULL;
}
