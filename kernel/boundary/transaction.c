/* SPDX-License-Identifier: MIT
 *
 * The undo record: (address, size, old bytes), in order.
 */
#include <kernel/boundary/core_call_impl.h>
#include <kernel/boundary/record.h>
#include <kernel/boundary/service_copy.h>
#include <kernel/boundary/transaction.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <kernel/mm/heap.h>
#include <kernel/proc/thread.h>

#define TRANSACTION_ENTRIES 256
#define TRANSACTION_BYTES   16384

struct transaction {
	bool mutates;
	uint32_t count, used;
	struct {
		void *address;
		uint32_t at, size;
	} entries[TRANSACTION_ENTRIES];
	uint8_t bytes[TRANSACTION_BYTES];
};

int transaction_create(struct service *service)
{
	service->transaction = heap_alloc(&core_heap, sizeof(*service->transaction));
	return service->transaction ? 0 : -ENOMEM;
}

void transaction_begin(struct service *service, bool mutates)
{
	service->transaction->mutates = mutates;
	service->transaction->count = service->transaction->used = 0;
}

void transaction_undo(struct service *service)
{
	struct transaction *t = service->transaction;

	for (uint32_t i = t->count; i-- > 0;)
		memcpy(t->entries[i].address, t->bytes + t->entries[i].at, t->entries[i].size);
	t->count = t->used = 0;
}

void core_do_core_undo(void *address, uint64_t size)
{
	struct service *service = service_current();
	struct transaction *t = service->transaction;

	/* While it starts, and where nothing is contained, there is nothing to go back to. */
	if (!ARAMID_CONTAIN_PANICS || service->starting)
		return;
	if (!t || !t->mutates)
		panic_caller(CAUSE_panic, "core_undo outside a call that changes something");
	if (t->count == TRANSACTION_ENTRIES || size > TRANSACTION_BYTES - t->used)
		panic_caller(CAUSE_panic, "the undo record is full");
	if (copy_from_service(t->bytes + t->used, address, size))
		panic_caller(CAUSE_wild, "core_undo of memory that is not there");
	t->entries[t->count].address = address;
	t->entries[t->count].at = t->used;
	t->entries[t->count].size = (uint32_t)size;
	t->used += (uint32_t)size;
	t->count++;
}
