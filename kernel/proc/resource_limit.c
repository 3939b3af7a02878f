/* SPDX-License-Identifier: MIT
 *
 * Who asks for a limit is told what it is now; only RLIMIT_CPU and RLIMIT_STACK are watched for
 * their process.
 */
#include <asm/resource.h>
#include <asm/signal.h>
#include <linux/capability.h>
#include <linux/resource.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/vmspace.h>
#include <kernel/proc/process.h>
#include <kernel/proc/resource_limit.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/vnode.h>

_Static_assert(RESOURCES == RLIM_NLIMITS, "each resource has a limit");

#define UNLIMITED RESOURCE_UNLIMITED

/* Of the first process. What is 0 here cannot be had: core files, real-time scheduling. */
static const struct resource_limit defaults[RESOURCES] = {
        [RLIMIT_CPU] = {UNLIMITED, UNLIMITED},
        [RLIMIT_FSIZE] = {UNLIMITED, UNLIMITED},
        [RLIMIT_DATA] = {UNLIMITED, UNLIMITED},
        [RLIMIT_STACK] = {STACK_SIZE_MAX, UNLIMITED},
        [RLIMIT_CORE] = {0, UNLIMITED},
        [RLIMIT_RSS] = {UNLIMITED, UNLIMITED},
        [RLIMIT_NPROC] = {UNLIMITED, UNLIMITED},
        [RLIMIT_NOFILE] = {FILE_TABLE_SIZE, FILE_TABLE_SIZE},
        [RLIMIT_MEMLOCK] = {UNLIMITED, UNLIMITED},
        [RLIMIT_AS] = {UNLIMITED, UNLIMITED},
        [RLIMIT_LOCKS] = {UNLIMITED, UNLIMITED},
        [RLIMIT_SIGPENDING] = {SIGNAL_QUEUED_MAX, SIGNAL_QUEUED_MAX},
        [RLIMIT_MSGQUEUE] = {819200, 819200},
        [RLIMIT_NICE] = {0, 0},
        [RLIMIT_RTPRIO] = {0, 0},
        [RLIMIT_RTTIME] = {UNLIMITED, UNLIMITED},
};

static struct process *process_of(struct cpu_timer *timer)
{
	struct resource_limits *limits = list_entry(timer, struct resource_limits, cpu);

	return list_entry(limits, struct process, limits);
}

static void watch_cpu_time(struct process *process, uint64_t seconds);

/* A signal each second behind the soft limit, and the end at the hard one. */
static void fire(struct cpu_timer *timer)
{
	struct process *process = process_of(timer);
	const struct resource_limit *limit = &process->limits.of[RLIMIT_CPU];
	uint64_t used = cpu_time(process, timer->clock) / NS_PER_SECOND;

	if (used >= limit->hard) {
		signal_send_held(process, SIGKILL, NULL);
		return;
	}
	signal_send_held(process, SIGXCPU, NULL);
	watch_cpu_time(process, used + 1);
}

static void watch_cpu_time(struct process *process, uint64_t seconds)
{
	struct cpu_timer *timer = &process->limits.cpu;

	cpu_timer_unset(timer);
	if (seconds < INT64_MAX / NS_PER_SECOND)
		cpu_timer_set(timer, process, seconds * NS_PER_SECOND, fire);
}

void resource_limits_init(struct process *process, const struct process *parent)
{
	const struct cpu_clock all = {.task = 0};

	memcpy(process->limits.of, parent ? parent->limits.of : defaults, sizeof(defaults));
	cpu_timer_init(&process->limits.cpu, all);
	watch_cpu_time(process, process->limits.of[RLIMIT_CPU].soft);
}

void resource_limits_end(struct process *process)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);

	cpu_timer_unset(&process->limits.cpu);
	spin_unlock_irq(&process_table_lock, flags);
}

uint64_t resource_limit(int resource)
{
	const struct process *process = current_process();

	return process ? __atomic_load_n(&process->limits.of[resource].soft, __ATOMIC_RELAXED)
	               : UNLIMITED;
}

/* prlimit(2): one's own, another's who is the same user in every way, or the superuser. */
static bool may_change(const struct process *self, const struct process *target)
{
	const struct credentials *own = &self->credentials, *its = &target->credentials;
	uint32_t user = own->user.real, group = own->group.real;

	return self == target || process_is_capable(CAP_SYS_RESOURCE) ||
	       (user == its->user.real && user == its->user.effective && user == its->user.saved &&
	        group == its->group.real && group == its->group.effective &&
	        group == its->group.saved);
}

static void set_limit(struct process *process, int resource, const struct resource_limit *new)
{
	struct resource_limit *limit = &process->limits.of[resource];

	limit->hard = new->hard;
	__atomic_store_n(&limit->soft, new->soft, __ATOMIC_RELAXED);
	/* 0 is a second, not none (Linux, posix-cpu-timers). */
	if (resource == RLIMIT_CPU)
		watch_cpu_time(process, new->soft ? new->soft : 1);
	if (resource == RLIMIT_STACK && process->vmspace)
		vmspace_limit_stack(process->vmspace, new->soft);
}

/* With process_table_lock. */
static int change(struct process *target, int resource, const struct resource_limit *new,
                  struct resource_limit *old)
{
	const struct process *self = current_process();

	if (!target)
		return -ESRCH;
	if (!may_change(self, target))
		return -EPERM;
	if (resource < 0 || resource >= RESOURCES)
		return -EINVAL;
	if (new && new->soft > new->hard)
		return -EINVAL;
	*old = target->limits.of[resource];
	if (!new)
		return 0;
	if (resource == RLIMIT_NOFILE && new->hard > FILE_TABLE_SIZE)
		return -EPERM;
	if (new->hard > old->hard && !process_is_capable(CAP_SYS_RESOURCE))
		return -EPERM;
	set_limit(target, resource, new);
	return 0;
}

int resource_limit_change(process_id which, int resource, const struct resource_limit *new,
                          struct resource_limit *old)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	const struct task *task = which ? task_find(which) : current_task();
	int error = change(task ? task->process : NULL, resource, new, old);

	spin_unlock_irq(&process_table_lock, flags);
	return error;
}

int resource_file_too_large(void)
{
	if (resource_limit(RLIMIT_FSIZE) != UNLIMITED)
		signal_send(current_process(), SIGXFSZ);
	return -EFBIG;
}

int resource_check_file_size(const struct vnode *vnode, uint64_t size)
{
	return size > vnode->attr.size && size > resource_limit(RLIMIT_FSIZE)
	               ? resource_file_too_large()
	               : 0;
}

bool resource_allows_process(const struct process *parent)
{
	uint64_t limit = parent->limits.of[RLIMIT_NPROC].soft, tasks = 0;
	const struct process *process;

	if (limit == UNLIMITED || parent->credentials.user.real == 0)
		return true;
	for (process = process_next(NULL); process; process = process_next(process))
		if (process->credentials.user.real == parent->credentials.user.real)
			tasks += process->task_count;
	return tasks < limit;
}

bool resource_allows_memory(uint64_t size, bool data)
{
	struct vmspace *space = current_process()->vmspace;
	uint64_t room = resource_limit(RLIMIT_AS);

	if (room != UNLIMITED &&
	    (space->virtual_bytes > room || size > room - space->virtual_bytes))
		return false;
	room = data ? resource_limit(RLIMIT_DATA) : UNLIMITED;
	if (room != UNLIMITED) {
		uint64_t used = vmspace_data_bytes(space);

		return used <= room && size <= room - used;
	}
	return true;
}
