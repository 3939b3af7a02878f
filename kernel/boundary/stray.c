/* SPDX-License-Identifier: MIT
 *
 * Booted with stray=SERVICE.OPERATION: the first calls of the operation do not reach the service.
 * In its place, with its rights and on its stack, each writes to one kind of page that is not the
 * service's, and later ones read what is secret. The log says of each whether it was refused,
 * which is how tests see that the hardware refuses it.
 */
#include <arch/boot_info.h>
#include <arch/cpu.h>
#include <arch/mmu.h>
#include <kernel/boundary/isolation.h>
#include <kernel/boundary/stray.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/proc/thread.h>
#include <kernel/vfs/page_store.h>

#if ARAMID_ISOLATE_SERVICES

enum secrecy { SHOWN, SECRET };

extern char token_table[] __asm__("cap_table");
extern char entropy_state[] __asm__("cap_nonce_state");

static uint64_t own_code(const struct service *service)
{
	return (uint64_t)service->image.text_start;
}

static uint64_t pristine_copy(const struct service *service)
{
	return (uint64_t)service->image.pristine;
}

/* Of the first other service that has such a page. */

static uint64_t neighbours_data(const struct service *service)
{
	return (uint64_t)services[service == &services[0]].image.data_start;
}

/* In an object that is allocated for the occasion. */
static uint64_t neighbours_heap(const struct service *service, struct stray *stray)
{
	stray->heap = &services[service == &services[0]].heap;
	stray->object = heap_alloc(stray->heap, 16);
	return (uint64_t)stray->object;
}

static uint64_t neighbours_stack(const struct service *service)
{
	uint64_t stack = 0;

	for (unsigned int i = 0; i < service_count; i++)
		for (unsigned int j = 0; j < MAX_CPUS && !stack && &services[i] != service; j++)
			stack = services[i].spare_stacks[j];
	return stack;
}

/* The page that the user's stack pointer is in, as the core sees it. */
static uint64_t user_page(const struct service *service)
{
	const struct thread *thread = current_thread();
	unsigned int protection;
	paddr_t page;

	(void)service;
	if (!thread->process ||
	    !mmu_lookup(this_cpu()->page_table, thread->user_frame->rsp, &page, &protection))
		return 0;
	return (uint64_t)phys_to_virt(page);
}

/* name, secrecy, address for a service (0: there is none now) */
#define TARGETS(TARGET)                                                                            \
	TARGET(core_data, SECRET, (uint64_t)&core_heap)                                            \
	TARGET(core_heap, SECRET, (uint64_t)current_thread())                                      \
	TARGET(core_stack, SECRET, current_thread()->stack_base)                                   \
	TARGET(token_table, SECRET, (uint64_t)token_table)                                         \
	TARGET(entropy_state, SECRET, (uint64_t)entropy_state)                                     \
	TARGET(page_table, SECRET, (uint64_t)phys_to_virt(mmu_kernel_root))                        \
	TARGET(user_page, SECRET, user_page(service))                                              \
	TARGET(device, SECRET, DEVICE_MAP_BASE)                                                    \
	TARGET(pristine_copy, SECRET, pristine_copy(service))                                      \
	TARGET(neighbours_data, SECRET, neighbours_data(service))                                  \
	TARGET(neighbours_heap, SECRET, neighbours_heap(service, stray))                           \
	TARGET(neighbours_stack, SECRET, neighbours_stack(service))                                \
	TARGET(code, SHOWN, (uint64_t)log_line)                                                    \
	TARGET(own_code, SHOWN, own_code(service))                                                 \
	TARGET(constants, SHOWN, (uint64_t)&service_count)                                         \
	TARGET(cpu_block, SHOWN, (uint64_t)this_cpu())

static const struct {
	const char *name;
	enum secrecy secrecy;
} targets[] = {
#define ROW_(name, secrecy, address) {#name, secrecy},
        TARGETS(ROW_)
#undef ROW_
};

#define TARGET_COUNT (sizeof(targets) / sizeof(targets[0]))

enum target {
#define ROW_(name, secrecy, address) TARGET_##name,
	TARGETS(ROW_)
#undef ROW_
};

static uint64_t address_of(const struct service *service, struct stray *stray)
{
	switch (stray->target) {
#define ROW_(name, secrecy, address)                                                               \
	case TARGET_##name:                                                                        \
		return address;
		TARGETS(ROW_)
#undef ROW_
	default:
		return 0;
	}
}

/* What runs with the service's rights. Its argument and the call back are all that it touches
 * besides. */
static long stray_write(volatile uint8_t *at)
{
	*at = 0x5a;
	return 0;
}

static long stray_read(const volatile uint8_t *at)
{
	return *at & 0;
}

bool stray_arm(struct service *service)
{
	char option[48];
	size_t length = strlen(service->name);

	if (!boot_option_value("stray", option, sizeof(option)) ||
	    strncmp(option, service->name, length) != 0 || option[length] != '.')
		return false;
	string_copy(service->stray_operation, option + length + 1,
	            sizeof(service->stray_operation));
	return true;
}

uint64_t stray_instead(struct service *service, const char *operation, struct stray *stray)
{
	if (strcmp(operation, service->stray_operation) != 0)
		return 0;
	while (service->stray_turn < 2 * TARGET_COUNT) {
		unsigned int turn = __atomic_fetch_add(&service->stray_turn, 1, __ATOMIC_RELAXED);

		stray->target = turn % TARGET_COUNT;
		stray->writes = turn < TARGET_COUNT;
		if (turn >= 2 * TARGET_COUNT ||
		    (!stray->writes && targets[stray->target].secrecy == SHOWN))
			continue;
		stray->object = NULL;
		stray->address = address_of(service, stray);
		if (stray->address) {
			stray->before = *(const volatile uint8_t *)stray->address;
			return stray->writes ? (uint64_t)stray_write : (uint64_t)stray_read;
		}
		log_line("stray: %s by %s: there is none", targets[stray->target].name,
		         service->name);
	}
	return 0;
}

void stray_judge(const struct service *service, const struct boundary_record *record,
                 const struct stray *stray)
{
	bool refused = record->fallen &&
	               (record->cause == CAUSE_stray || record->cause == CAUSE_wild) &&
	               *(const volatile uint8_t *)stray->address == stray->before;

	if (stray->object)
		heap_free(stray->heap, stray->object);
	log_line("stray: %s of %s by %s: %s", stray->writes ? "write" : "read",
	         targets[stray->target].name, service->name, refused ? "refused" : "WENT THROUGH");
}

#endif
