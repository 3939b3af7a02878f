/* SPDX-License-Identifier: MIT
 *
 * A call's own stack: its upper pages hold the arguments that are pointers, the rest is for the
 * service's frames. Spare stacks lie in one place a CPU, exchanged atomically; a busy place
 * sends the next caller on to another.
 */
#include <arch/boot_info.h>
#include <arch/mmu.h>
#include <arch/protection_key.h>
#include <kernel/boundary/isolation.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <kernel/mm/stack_area.h>
#include <kernel/proc/thread.h>
#include <kernel/vfs/fs.h>

#if ARAMID_ISOLATE_SERVICES

/* A call has the same room for its frames as a thread has in the core, and room for the largest
 * arguments: a transfer, or a link's text, with two names and a few structs. */
#define FRAME_PAGES    THREAD_STACK_PAGES
#define ARGUMENT_PAGES 2
#define STACK_PAGES    (FRAME_PAGES + ARGUMENT_PAGES)

_Static_assert(ARGUMENT_PAGES *PAGE_SIZE >= FS_TRANSFER_MAX + 2 * (FS_NAME_MAX + 1) + 1024,
               "the arguments of every operation fit");

static struct stack_area stacks = STACK_AREA_INIT(SERVICE_STACK_BASE, STACK_PAGES);

void isolate(struct service *service)
{
	unsigned int keys = KEY_COUNT - KEY_FIRST_SERVICE;

	service->key = KEY_FIRST_SERVICE + (service->owner - 1u) % keys;
	if (protection_keys_on && service->owner > keys)
		log_line("service %s: shares its protection key with another", service->name);
	heap_set_key(&service->heap, service->key);
	mmu_set_key((uint64_t)service->image.data_start,
	            (uint64_t)(service->image.data_end - service->image.data_start), service->key);
}

static uint64_t take_stack(struct service *service)
{
	uint64_t first = this_cpu()->number;

	for (uint64_t i = 0; i < MAX_CPUS; i++) {
		uint64_t *place = &service->spare_stacks[(first + i) % MAX_CPUS];
		uint64_t stack = *place ? __atomic_exchange_n(place, 0, __ATOMIC_ACQUIRE) : 0;

		if (stack)
			return stack;
	}
	return stack_area_map(&stacks, MMU_WRITE | MMU_KEY(service->key));
}

static void put_stack(struct service *service, uint64_t stack)
{
	uint64_t first = this_cpu()->number;

	for (uint64_t i = 0; i < MAX_CPUS; i++) {
		uint64_t none = 0;

		if (__atomic_compare_exchange_n(&service->spare_stacks[(first + i) % MAX_CPUS],
		                                &none, stack, false, __ATOMIC_RELEASE,
		                                __ATOMIC_RELAXED))
			return;
	}
	stack_area_unmap(&stacks, stack);
}

uint64_t isolation_spare_pages(void)
{
	uint64_t count = 0;

	for (unsigned int i = 0; i < service_count; i++)
		for (unsigned int j = 0; j < MAX_CPUS; j++)
			count += services[i].spare_stacks[j] != 0;
	return count * STACK_PAGES;
}

uint64_t isolation_stack_top(const struct boundary_record *record)
{
	return record->stack + FRAME_PAGES * PAGE_SIZE;
}

uint64_t isolation_stack_end(const struct boundary_record *record)
{
	return record->stack + STACK_PAGES * PAGE_SIZE;
}

/* Copy one argument to *at, which moves on; or leave room for it. */
static int lend(uint64_t argument, uint32_t shape, uint64_t size, uint64_t *at, uint64_t end)
{
	if (shape == ARGUMENT_NAME)
		size = strlen((const char *)argument) + 1;
	if (size > end - *at)
		return -EINVAL;
	if (shape == ARGUMENT_OUT)
		memset((void *)*at, 0, size);
	else if (shape != ARGUMENT_FILL)
		memcpy((void *)*at, (const void *)argument, size);
	*at += (size + 15) & ~15UL;
	return 0;
}

int isolation_lend(struct service *service, const struct service_call *call,
                   struct boundary_record *record, uint64_t lent[SERVICE_ARGUMENTS_MAX])
{
	uint64_t at;
	int result = 0;

	record->stack = take_stack(service);
	if (!record->stack)
		return -ENOMEM;
	at = isolation_stack_top(record);
	for (unsigned int i = 0; i < SERVICE_ARGUMENTS_MAX && !result; i++) {
		lent[i] = call->arguments[i];
		if (call->shapes[i].shape == ARGUMENT_VALUE || !lent[i])
			continue;
		lent[i] = at;
		result = lend(call->arguments[i], call->shapes[i].shape, call->shapes[i].size, &at,
		              isolation_stack_end(record));
	}
	if (result)
		put_stack(service, record->stack);
	return result;
}

void isolation_take_back(struct service *service, const struct service_call *call,
                         struct boundary_record *record, const uint64_t lent[SERVICE_ARGUMENTS_MAX],
                         bool returned)
{
	for (unsigned int i = 0; returned && i < SERVICE_ARGUMENTS_MAX; i++)
		if (call->shapes[i].shape >= ARGUMENT_OUT && lent[i])
			memcpy((void *)call->arguments[i], (const void *)lent[i],
			       call->shapes[i].size);
	put_stack(service, record->stack);
}

const char *isolation_name(void)
{
	return protection_keys_on ? "keys" : "none";
}

#else

const char *isolation_name(void)
{
	return "none";
}

#endif
