/* SPDX-License-Identifier: MIT
 *
 * The process table: ids, lookup, and the order in which /proc shows them.
 */
#include <asm/resource.h>

#include <arch/mmu.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/vmspace.h>
#include <kernel/proc/posix_timer.h>
#include <kernel/proc/process.h>
#include <kernel/proc/signal_queue.h>
#include <kernel/sync/spinlock.h>
#include <kernel/vfs/pidfd.h>
#include <kernel/vfs/vnode.h>

#define HASH_BUCKETS 256

struct spinlock process_table_lock = SPINLOCK_INIT(process_table);

/* All guarded by process_table_lock. */
static struct list table = LIST_INIT(table); /* in order of ids */
static struct process *buckets[HASH_BUCKETS];
static process_id last_id;
static uint32_t count;
static uint64_t forks;

struct process *process_find(process_id id)
{
	struct process *process;

	for (process = buckets[(uint32_t)id % HASH_BUCKETS]; process; process = process->hash_next)
		if (process->id == id)
			return process;
	return NULL;
}

struct process *process_next(const struct process *process)
{
	const struct list *link = process ? process->table_link.next : table.next;

	return link == &table ? NULL : list_entry(link, struct process, table_link);
}

/* An id must also not name a group or session whose leader is gone (setpgid(2)). */
static bool id_in_use(process_id id)
{
	struct process *process;

	if (process_find(id) || task_id_is_taken(id))
		return true;
	for (process = process_next(NULL); process; process = process_next(process))
		if (process->group == id || process->session == id)
			return true;
	return false;
}

process_id process_next_id(void)
{
	process_id tries;

	for (tries = 0; tries < PROCESS_ID_MAX; tries++) {
		last_id = last_id < PROCESS_ID_MAX ? last_id + 1 : 1;
		if (!id_in_use(last_id))
			return last_id;
	}
	return 0;
}

/* Ids mostly grow, so the place is nearly always at the end. */
static void insert(struct process *process)
{
	struct list *before = table.prev;
	struct process **bucket = &buckets[(uint32_t)process->id % HASH_BUCKETS];

	while (before != &table && list_entry(before, struct process, table_link)->id > process->id)
		before = before->prev;
	list_add_after(before, &process->table_link);
	process->hash_next = *bucket;
	*bucket = process;
	count++;
	forks++;
}

struct process *process_allocate(struct process *parent)
{
	struct process *process = heap_alloc(&core_heap, sizeof(*process));
	unsigned long flags;

	if (!process)
		return NULL;
	list_init(&process->children);
	list_init(&process->sibling);
	list_init(&process->tasks);
	list_init(&process->pidfds);
	wait_queue_init(&process->child_event);
	wait_queue_init(&process->continued);
	wait_queue_init(&process->task_ended);
	spin_init(&process->names, LOCK_RANK_process);
	spin_init(&process->signals.lock, LOCK_RANK_signals);
	signal_queue_init(&process->signals.queue);
	process_timers_init(process);
	process->start_time = time_now();
	process->parent = parent;
	process->umask = 022;
	flags = spin_lock_irq(&process_table_lock);
	resource_limits_init(process, parent);
	process->id = parent && !resource_allows_process(parent) ? 0 : process_next_id();
	process->group = process->session = process->id;
	if (process->id != 0) {
		if (parent) {
			process->group = parent->group;
			process->session = parent->session;
			process->terminal = parent->terminal;
			list_add_tail(&parent->children, &process->sibling);
		}
		insert(process);
	}
	spin_unlock_irq(&process_table_lock, flags);
	if (process->id == 0) {
		heap_free(&core_heap, process);
		return NULL;
	}
	return process;
}

void process_unlink(struct process *process)
{
	struct process **link = &buckets[(uint32_t)process->id % HASH_BUCKETS];

	while (*link != process)
		link = &(*link)->hash_next;
	*link = process->hash_next;
	list_remove(&process->table_link);
	list_remove(&process->sibling);
	pidfds_gone(process);
	count--;
}

void process_free(struct process *process)
{
	signal_queue_clear(process, &process->signals.queue);
	credentials_end(process);
	vnode_put(process->cwd);
	vnode_put(process->root);
	heap_free(&core_heap, process->command_line);
	heap_free(&core_heap, process);
}

void process_set_vmspace(struct vmspace *space)
{
	struct process *self = current_process();
	struct vmspace *old = self->vmspace;
	unsigned long flags;

	/* The scheduler loads what it finds here, so both change without a switch between;
	 * and /proc reads the space under this lock, so it is not freed under its eyes. */
	flags = spin_lock_irq(&process_table_lock);
	self->vmspace = space;
	if (space) {
		vmspace_limit_stack(space, self->limits.of[RLIMIT_STACK].soft);
		vmspace_activate(space);
	} else {
		mmu_activate(mmu_kernel_root);
	}
	spin_unlock_irq(&process_table_lock, flags);
	vmspace_put(old);
}

void process_set_command(const char *name, const char *executable, char *command_line,
                         uint32_t size)
{
	struct process *self = current_process();
	char *old = self->command_line;
	unsigned long flags = spin_lock_irq(&process_table_lock);

	string_copy(self->name, name, sizeof(self->name));
	string_copy(self->executable, executable, sizeof(self->executable));
	self->command_line = command_line;
	self->command_line_size = size;
	spin_unlock_irq(&process_table_lock, flags);
	heap_free(&core_heap, old);
}

void process_own_ticks(uint64_t *user, uint64_t *kernel)
{
	struct process *self = current_process();
	unsigned long flags = spin_lock_irq(&process_table_lock);
	const struct task *task;

	*user = self->user_ticks;
	*kernel = self->kernel_ticks;
	task_for_each(task, self)
	{
		*user += task->thread->user_ticks;
		*kernel += task->thread->kernel_ticks;
	}
	spin_unlock_irq(&process_table_lock, flags);
}

uint32_t process_count(void)
{
	return __atomic_load_n(&count, __ATOMIC_RELAXED);
}

process_id process_last_id(void)
{
	return __atomic_load_n(&last_id, __ATOMIC_RELAXED);
}

uint64_t process_fork_count(void)
{
	return __atomic_load_n(&forks, __ATOMIC_RELAXED);
}
