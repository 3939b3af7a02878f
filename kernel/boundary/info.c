/* SPDX-License-Identifier: MIT
 *
 * Snapshots of the core for procfs. Each is gathered in core memory and copied out
 * in one go, through a copy that may fault.
 */
#include <arch/boot_info.h>
#include <aramid/cap_audit.h>
#include <arch/entropy.h>
#include <kernel/boundary/core_call_impl.h>
#include <kernel/boundary/invariants.h>
#include <kernel/boundary/isolation.h>
#include <kernel/boundary/own_memory.h>
#include <kernel/boundary/service.h>
#include <kernel/boundary/supervisor.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/mm/vmspace.h>
#include <kernel/net/unix_family.h>
#include <kernel/net/unix_info.h>
#include <kernel/proc/process.h>
#include <kernel/proc/sched.h>
#include <kernel/sync/mutex.h>
#include <kernel/time/time.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/mount.h>
#include <kernel/vfs/path.h>
#include <kernel/vfs/page_store.h>
#include <kernel/vfs/vnode.h>

static uint64_t spare_stack_pages(void)
{
#if ARAMID_ISOLATE_SERVICES
	return thread_spare_pages() + isolation_spare_pages();
#else
	return thread_spare_pages();
#endif
}

static void hand_over(void *to, const void *from, uint64_t size)
{
	if (copy_to_service(to, from, size))
		panic_caller(CAUSE_wild, "a snapshot asked for at a bad address");
}

/* Too large for the stack; the heap may be full, and then there is no process to see. */
static struct process_info *allocate_info(void)
{
	return heap_alloc(&core_heap, sizeof(struct process_info));
}

/* And free it. */
static int hand_over_info(struct process_info *to, struct process_info *info, int id)
{
	int fault = info ? copy_to_service(to, info, sizeof(*info)) : 0;

	heap_free(&core_heap, info);
	if (fault)
		panic_caller(CAUSE_wild, "a snapshot asked for at a bad address");
	return id;
}

int core_do_core_process_info(int from, struct process_info *info)
{
	struct process_info *copy = allocate_info();

	return hand_over_info(info, copy, copy ? process_next_info(from, copy) : 0);
}

int core_do_core_task_info(int process, int from, struct process_info *info)
{
	struct process_info *copy = allocate_info();

	return hand_over_info(info, copy, copy ? process_task_info(process, from, copy) : 0);
}

/* The last fall in one word; what does not fit is left out. With service->counters. */
static void print_last_fall(const struct service *service, char *text, size_t size)
{
#if ARAMID_CONTAIN_PANICS
	char trace[SERVICE_LAST_FALL_MAX];

	if (service->contained) {
		supervisor_print_trace(&service->last, "<", trace, sizeof(trace));
		format(text, size, "%s@%s:%s", cause_name(service->last.cause),
		       service->last.operation, trace[0] ? trace + 1 : "?");
		return;
	}
#endif
	(void)service;
	string_copy(text, "-", size);
}

int core_do_core_service_info(unsigned int index, struct service_info *info)
{
	static const char *const states[] = {
	        [SERVICE_RUNNING] = "running",
	        [SERVICE_STOPPED] = "stopped",
	        [SERVICE_RECOVERING] = "recovering",
	        [SERVICE_QUARANTINED] = "quarantined",
	};
	struct service_info copy = {.name = ""};
	struct service *service;

	if (index >= service_count)
		return -ENOENT;
	service = &services[index];
	string_copy(copy.name, service->name, sizeof(copy.name));
	copy.state = states[service->state];
	copy.policy = service->recovery == SERVICE_ROLL_BACK ? "roll-back" : "restart";
	copy.isolation = isolation_name();
	copy.file_system = service->on_disks ? "" : service->mount_point ? "nodev" : NULL;
	spin_lock(&service->counters);
	copy.contained = service->contained;
	copy.restarts = service->restarts;
	memcpy(copy.causes, service->causes, sizeof(copy.causes));
	print_last_fall(service, copy.last_fall, sizeof(copy.last_fall));
	spin_unlock(&service->counters);
	copy.landing_cycles = service->landing_cycles;
	copy.heap_pages = service->heap.page_count;
	copy.heap_objects = service->heap.object_count;
	copy.tokens = cap_count_live(service->owner);
	hand_over(info, &copy, sizeof(copy));
	return 0;
}

static uint64_t locks_held(void)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < cpu_count; i++)
		sum += cpus[i].locks_held;
	return sum;
}

void core_do_core_system_info(struct system_info *info)
{
	struct cap_audit tokens;
	struct page_counts pages;
	struct system_info copy = {
	        .pages_total = page_count_total(),
	        .pages_of_stores = page_store_total(),
	        .heap_objects = core_heap.object_count,
	        .vnodes = vnode_count(),
	        .files = file_count(),
	        .spinlocks_held = locks_held(),
	        .mutexes_held = mutexes_held(),
	        .invariants_held = invariants_held(),
	        .uptime = time_now(),
	        .boot_wall = time_wall() - time_now(),
	        .idle_time = sched_idle_ticks() * NS_PER_TICK,
	        .idle_ticks = sched_idle_ticks() * 100 / TICK_HZ,
	        .forks = process_fork_count(),
	        .last_process = (uint32_t)process_last_id(),
	        .context_switches = sched_switches(),
	        .processes = process_count(),
	        .running = sched_running(),
	        .cpus = cpu_count,
	};

	page_count_uses(&pages);
	copy.pages_free = pages.free + spare_stack_pages();
	copy.pages_of_processes = pages.processes;
	copy.heap_pages = pages.heaps;
	cap_read_audit(&tokens);
	copy.tokens = tokens.live;
	string_copy(copy.command_line, boot_info.command_line, sizeof(copy.command_line));
	if (current_process()) {
		copy.current_process = current_process()->id;
		if (current_process()->vmspace)
			copy.reader_table_pages = current_process()->vmspace->table_pages;
	}
	copy.current_task = current_thread()->task ? current_task()->id : 0;
	hand_over(info, &copy, sizeof(copy));
}

long core_do_core_mounts(char *buffer, uint64_t size)
{
	char text[1024];
	long length = mount_describe(text, sizeof(text));

	if (length < 0)
		return length;
	if ((uint64_t)length > size)
		length = (long)size;
	hand_over(buffer, text, (uint64_t)length);
	return length;
}

uint64_t core_do_core_unix_info(uint64_t from, struct unix_info *info)
{
	struct unix_info copy = {0};
	uint64_t found = unix_next_info(from, &copy);

	hand_over(info, &copy, sizeof(copy));
	return found;
}

uint64_t core_do_core_time_wall(void)
{
	return time_wall();
}

uint64_t core_do_core_time_now(void)
{
	return time_now();
}

uint64_t core_do_core_random(void)
{
	return entropy_u64();
}
