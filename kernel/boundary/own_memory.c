/* SPDX-License-Identifier: MIT
 *
 * The call's stack (below the boundary's record, or a stack of its own), data, and heap.
 */
#include <arch/image.h>
#include <arch/user_access.h>
#include <kernel/boundary/isolation.h>
#include <kernel/boundary/own_memory.h>
#include <kernel/boundary/record.h>
#include <kernel/boundary/service.h>
#include <kernel/lib/errno.h>
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
	               isolation_stack_end(thread->boundary));
#else
	return lies_in(address, size, thread->stack_base, (uint64_t)thread->boundary);
#endif
}

/* Whether all of it lies in the calling service's data, in an object of its heap, or on its part
 * of the stack. */
static bool is_its_own(const void *memory, uint64_t size)
{
	const struct service *service = service_current();
	uint64_t address = (uint64_t)memory;
	struct heap_object object;

	return is_on_stack(address, size) ||
	       lies_in(address, size, (uint64_t)service->image.data_start,
	               (uint64_t)service->image.data_end) ||
	       (heap_find(&service->heap, memory, &object) &&
	        lies_in(address, size, (uint64_t)object.start,
	                (uint64_t)object.start + object.size));
}

/* Constants are no secret: they are in the image's file. */
static bool is_constant(const void *memory, uint64_t size)
{
	return lies_in((uint64_t)memory, size, (uint64_t)rodata_start, (uint64_t)rodata_end);
}

int copy_from_service(void *to, const void *from, uint64_t size)
{
	return is_its_own(from, size) || is_constant(from, size) ? probe_copy(to, from, size)
	                                                         : -EFAULT;
}

int copy_to_service(void *to, const void *from, uint64_t size)
{
	return is_its_own(to, size) ? probe_copy(to, from, size) : -EFAULT;
}
