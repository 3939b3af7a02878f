/* SPDX-License-Identifier: MIT
 *
 * The call's stack (below the boundary's record, or a stack of its own), data, and heap.
 */
#include <kernel/boundary/isolation.h>
#include <kernel/boundary/own_memory.h>
#include <kernel/boundary/record.h>
#include <kernel/boundary/service.h>
#include <kernel/mm/heap.h>
#include <kernel/proc/thread.h>

static bool lies_in(uint64_t address, uint64_t size, uint64_t start, uint64_t end)
{
	return address >= start && address <= end && size <= end - address;
}

static bool is_on_stack(uint64_t address, uint64_t size)
{
	const struct thread *thread = current_thread();

#if ARAMID_ISOLATE_SERVICES
	return lies_in(address, size, thread->boundary->stack,
	               isolation_stack_top(thread->boundary));
#else
	return lies_in(address, size, thread->stack_base, (uint64_t)thread->boundary);
#endif
}

bool service_may_write(const void *address, uint64_t size)
{
	const struct service *service = service_current();
	struct heap_object object;

	return is_on_stack((uint64_t)address, size) ||
	       lies_in((uint64_t)address, size, (uint64_t)service->image.data_start,
	               (uint64_t)service->image.data_end) ||
	       (heap_find(&service->heap, address, &object) &&
	        lies_in((uint64_t)address, size, (uint64_t)object.start,
	                (uint64_t)object.start + object.size));
}
