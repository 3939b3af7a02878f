/* SPDX-License-Identifier: MIT
 *
 * A service's heap, as it sees it. For a service that rolls back, what a call
 * allocates goes when it falls, and what it frees stays until it has ended well.
 */
#include <kernel/boundary/call.h>
#include <kernel/boundary/core_call_impl.h>
#include <kernel/boundary/mirror.h>
#include <kernel/boundary/record.h>
#include <kernel/mm/heap.h>
#include <kernel/proc/thread.h>

static bool keeps_ledger(const struct service *service)
{
	return ARAMID_CONTAIN_PANICS && service->recovery == SERVICE_ROLL_BACK &&
	       !service->starting;
}

void *core_do_core_alloc(uint64_t size)
{
	struct service *service = service_current();
	struct heap_damage damage;
	uint64_t mirrored = 0;
	void *object;

	if (keeps_ledger(service))
		ledger_make_room();
	object = heap_try_alloc(&service->heap, size, &damage);
	/* Its stray write, in its heap: its failure, not the core's. */
	if (damage.object)
		panic_caller(CAUSE_wild, "an object was written to after it was freed");
	if (object && service->mirror)
		mirrored = mirror_add(service, object);
	if (object && keeps_ledger(service))
		ledger_add((struct ledger_entry){LEDGER_HEAP, object, mirrored});
	return object;
}

void core_do_core_free(void *object)
{
	struct service *service = service_current();
	const struct boundary_record *record = current_thread()->boundary;
	bool given_up = record && ledger_gives_up(&record->ledger, object);
	const char *fault;

	if (!object)
		return;
	/* A wrong pointer is the service's failure, not the heap's. */
	fault = given_up ? "freed twice" : heap_fault(&service->heap, object);
	if (fault)
		panic_caller(CAUSE_panic, fault);
	if (keeps_ledger(service)) {
		ledger_make_room();
		ledger_add((struct ledger_entry){LEDGER_HEAP_FREE, .object = object});
		return;
	}
	heap_free(&service->heap, object);
}
