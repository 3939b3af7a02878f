/* SPDX-License-Identifier: MIT
 *
 * A service's heap, as it sees it. For a service that rolls back, what a call
 * allocates goes when it falls, and what it frees stays until it has ended well.
 */
#include <kernel/boundary/call.h>
#include <kernel/boundary/core_call_impl.h>
#include <kernel/boundary/record.h>
#include <kernel/mm/heap.h>

static bool keeps_ledger(const struct service *service)
{
	return ARAMID_CONTAIN_PANICS && service->recovery == SERVICE_ROLL_BACK &&
	       !service->starting;
}

void *core_do_core_alloc(uint64_t size)
{
	struct service *service = service_current();
	void *object = heap_alloc(&service->heap, size);

	if (object && keeps_ledger(service))
		ledger_add(LEDGER_HEAP, object, 0);
	return object;
}

void core_do_core_free(void *object)
{
	struct service *service = service_current();

	if (!object)
		return;
	if (keeps_ledger(service))
		ledger_add(LEDGER_HEAP_FREE, object, 0);
	else
		heap_free(&service->heap, object);
}
