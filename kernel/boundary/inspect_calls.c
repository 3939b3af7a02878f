/* SPDX-License-Identifier: MIT
 *
 * What procfs shows of a process to those who may look into it: asked for by the service, decided
 * by the core.
 */
#include <kernel/boundary/core_call_impl.h>
#include <kernel/boundary/own_memory.h>
#include <kernel/boundary/service.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/region_info.h>
#include <kernel/mm/vmspace.h>
#include <kernel/proc/inspect.h>
#include <kernel/vfs/descriptor_link.h>

static void hand_over(void *to, const void *from, uint64_t size)
{
	if (copy_to_service(to, from, size))
		panic_caller(CAUSE_wild, "something of a process asked for at a bad address");
}

int core_do_core_descriptor_info(int process, int from, struct descriptor_info *info)
{
	struct descriptor_info copy = {0};
	int descriptor = descriptor_describe(process, from, &copy);

	if (descriptor >= 0)
		hand_over(info, &copy, sizeof(copy));
	return descriptor;
}

int core_do_core_process_region(int process, uint64_t from, struct region_info *info)
{
	struct region_info copy = {0};
	struct vmspace *space;
	int found = inspect_memory(process, &space);

	if (found)
		return found;
	found = vmspace_describe(space, from, &copy);
	vmspace_put(space);
	if (found)
		hand_over(info, &copy, sizeof(copy));
	return found;
}

/* A page of a process's memory at a time goes through one of the core's. */
static long copy_environment(struct vmspace *space, uint64_t offset, char *to, uint64_t size)
{
	uint64_t start = space->environment_start, end = space->environment_end, done = 0;
	char *page;
	int fault = 0;

	if (offset >= end - start)
		return 0;
	if (size > end - start - offset)
		size = end - start - offset;
	page = heap_alloc(&core_heap, PAGE_SIZE);
	if (!page)
		return -ENOMEM;
	while (done < size) {
		uint64_t count = vmspace_peek(space, start + offset + done, page, size - done);

		fault = count ? copy_to_service(to + done, page, count) : 0;
		if (count == 0 || fault)
			break;
		done += count;
	}
	heap_free(&core_heap, page);
	return fault ? fault : (long)done;
}

long core_do_core_process_environment(int process, uint64_t offset, char *buffer, uint64_t size)
{
	struct vmspace *space;
	long count = inspect_memory(process, &space);

	if (count)
		return count;
	count = copy_environment(space, offset, buffer, size);
	vmspace_put(space);
	if (count == -EFAULT)
		panic_caller(CAUSE_wild, "an environment asked for at a bad address");
	return count;
}
