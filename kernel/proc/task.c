/* SPDX-License-Identifier: MIT
 *
 * The table of tasks, and their way into a process and out of it.
 */
#include <asm/signal.h>

#include <arch/mmu.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/proc/futex.h>
#include <kernel/proc/priority.h>
#include <kernel/proc/process.h>
#include <kernel/proc/signal_queue.h>
#include <kernel/proc/task.h>

#define HASH_BUCKETS 256

static struct task *buckets[HASH_BUCKETS]; /* by id; process_table_lock */

static struct task **bucket_of(process_id id)
{
	return &buckets[(uint32_t)id % HASH_BUCKETS];
}

/* With or without a thread. */
static struct task *find_any(process_id id)
{
	struct task *task = *bucket_of(id);

	while (task && task->id != id)
		task = task->hash_next;
	return task;
}

struct task *task_find(process_id id)
{
	struct task *task = find_any(id);

	return task && task->thread ? task : NULL;
}

bool task_id_is_taken(process_id id)
{
	return find_any(id) != NULL;
}

static void insert(struct task *task)
{
	struct task **bucket = bucket_of(task->id);

	task->hash_next = *bucket;
	*bucket = task;
}

static void remove(struct task *task)
{
	struct task **link = bucket_of(task->id);

	while (*link != task)
		link = &(*link)->hash_next;
	*link = task->hash_next;
}

struct task *task_first(const struct process *process)
{
	return list_empty(&process->tasks) ? NULL
	                                   : list_entry(process->tasks.next, struct task, link);
}

struct task *task_after(const struct task *task)
{
	const struct list *next = task->link.next;

	return next == &task->process->tasks ? NULL : list_entry(next, struct task, link);
}

struct task *task_allocate(struct process *process)
{
	struct task *task = heap_alloc(&core_heap, sizeof(*task));
	unsigned long flags;

	if (!task)
		return NULL;
	task->process = process;
	task->priority = priority_inherit();
	list_init(&task->link);
	signal_queue_init(&task->signals.queue);
	flags = spin_lock_irq(&process_table_lock);
	if (process->task_count == 0)
		task->id = process->id;
	else
		task->id = resource_allows_process(process) ? process_next_id() : 0;
	if (task->id != 0)
		insert(task);
	spin_unlock_irq(&process_table_lock, flags);
	if (task->id != 0)
		return task;
	heap_free(&core_heap, task);
	return NULL;
}

void task_free(struct task *task)
{
	unsigned long flags;

	if (!task)
		return;
	flags = spin_lock_irq(&process_table_lock);
	remove(task);
	spin_unlock_irq(&process_table_lock, flags);
	heap_free(&core_heap, task);
}

bool task_must_end(const struct task *task)
{
	const struct process *process = task->process;

	return process->ending || (process->survivor && process->survivor != task);
}

bool task_attach(struct task *task, struct thread *thread)
{
	struct process *process = task->process;
	unsigned long flags = spin_lock_irq(&process_table_lock);
	bool attached = !task_must_end(task);

	if (attached) {
		spin_lock(&process->signals.lock);
		thread->process = process;
		thread->task = task;
		task->thread = thread;
		list_add_tail(&process->tasks, &task->link);
		process->task_count++;
		spin_unlock(&process->signals.lock);
	}
	spin_unlock_irq(&process_table_lock, flags);
	return attached;
}

void task_detach(void)
{
	struct task *task = current_task();
	struct process *process = task->process;
	struct thread *thread = task->thread;

	spin_lock(&process->signals.lock);
	list_remove(&task->link);
	process->task_count--;
	signal_queue_clear(process, &task->signals.queue);
	process->user_ticks += thread->user_ticks;
	process->kernel_ticks += thread->kernel_ticks;
	io_counts_add(&process->io, &task->io);
	task->thread = NULL;
	thread->task = NULL;
	thread->process = NULL;
	thread->name = "ended";
	spin_unlock(&process->signals.lock);
	mmu_activate(mmu_kernel_root);
}

bool task_is_called(const struct task *task)
{
	return task_must_end(task) ||
	       __atomic_load_n(&task->process->state, __ATOMIC_ACQUIRE) == PROCESS_STOPPED;
}

void task_heed_process(void)
{
	struct task *task = current_task();
	struct process *process = task->process;

	while (task_is_called(task)) {
		if (task_must_end(task))
			task_exit(0);
		/* SIGCONT and SIGKILL change the state back (signal.c). */
		WAIT_UNTIL(&process->continued,
		           __atomic_load_n(&process->state, __ATOMIC_ACQUIRE) != PROCESS_STOPPED ||
		                   task_must_end(task),
		           WAIT_PLAIN, WAIT_FOREVER);
	}
}

void task_call_others(struct process *process, const struct task *self)
{
	struct task *task;

	task_for_each(task, process)
	{
		if (task != self)
			signal_call_task(task);
	}
	wake_all(&process->continued);
}

int task_become_only(void)
{
	struct task *self = current_task();
	struct process *process = self->process;
	unsigned long flags = spin_lock_irq(&process_table_lock);
	bool chosen = !task_must_end(self);

	if (chosen && process->task_count > 1) {
		process->survivor = self;
		spin_lock(&process->signals.lock);
		task_call_others(process, self);
		spin_unlock(&process->signals.lock);
	}
	spin_unlock_irq(&process_table_lock, flags);
	if (!chosen)
		return -EAGAIN;
	WAIT_UNTIL(&process->task_ended,
	           __atomic_load_n(&process->task_count, __ATOMIC_ACQUIRE) == 1, WAIT_PLAIN,
	           WAIT_FOREVER);
	/* In the memory that it leaves, under the id that it has there. */
	futex_task_ends(self);
	self->robust_list = self->clear_child_tid = 0;
	flags = spin_lock_irq(&process_table_lock);
	process->survivor = NULL;
	if (self->id != process->id) {
		remove(self);
		self->id = process->id;
		insert(self);
	}
	spin_unlock_irq(&process_table_lock, flags);
	return 0;
}
