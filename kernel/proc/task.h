/* SPDX-License-Identifier: MIT
 *
 * A task: one thread of a process, with what each thread has of its own: an id, a signal mask and
 * signals, an alternate stack, the words that its end changes (pthreads(7), clone(2)).
 *
 * Locking: the tasks of a process and the table of ids: process_table_lock. Signals: the process's
 * signals.lock. The rest belongs to the task's own thread. A task is in being while it is among
 * its process's.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#include <kernel/lib/list.h>
#include <kernel/proc/process_info.h>
#include <kernel/proc/signal.h>
#include <kernel/proc/thread.h>

struct process;
struct vfork_wait;

/* sched(7), ioprio_set(2); priority.h. */
struct priority {
	int8_t nice;        /* -20 to 19 */
	uint8_t policy;     /* SCHED_* */
	bool reset_on_fork; /* new tasks do not have it */
	uint16_t io;        /* IOPRIO_PRIO_VALUE; 0: what follows from the nice value */
};

/* What read(2), write(2) and their kin moved, and how often they were called (proc(5), io). */
struct io_counts {
	uint64_t bytes_read, bytes_written, reads, writes;
};

struct task {
	process_id id; /* of a process's first task: the process's */
	struct process *process;
	struct thread *thread; /* NULL until it is among its process's tasks */
	struct list link;      /* process->tasks */
	struct task *hash_next;
	struct task_signals signals;
	struct priority priority;      /* process_table_lock */
	struct io_counts io;           /* its thread's alone; others only look */
	struct vfork_wait *vfork_wait; /* while it waits in vfork(2); process_table_lock */
	uint64_t clear_child_tid;      /* user address, 0 for none (set_tid_address(2)) */
	uint64_t robust_list;          /* user address, 0 for none (set_robust_list(2)) */
	uint64_t restart_deadline;     /* of an interrupted nanosleep (restart_syscall(2)) */
	uint64_t restart_remaining;    /* user address of its second argument */
	bool restart_by_cpu_time;      /* the deadline is one of the process's CPU time */
};

static inline void io_counts_add(struct io_counts *to, const struct io_counts *from)
{
	to->bytes_read += from->bytes_read;
	to->bytes_written += from->bytes_written;
	to->reads += from->reads;
	to->writes += from->writes;
}

/* The caller's task; only in a thread of a process. */
static inline struct task *current_task(void)
{
	return current_thread()->task;
}

/* A process's first task, or one more, with an id and no thread yet: NULL when memory or ids
 * are out. task_free undoes it. */
struct task *__must_check task_allocate(struct process *process);
void task_free(struct task *task);

/* Among its process's tasks from here on: false when the process is about to end (then nothing
 * has changed). */
bool __must_check task_attach(struct task *task, struct thread *thread);

/* With process_table_lock: a task among its process's, by id, or NULL. */
struct task *task_find(process_id id);

/* With process_table_lock: whether an id is a task's, among its process's or not yet. */
bool task_id_is_taken(process_id id);

/* With process_table_lock: the first of a process's tasks, or NULL for a zombie. */
struct task *task_first(const struct process *process);

#define task_for_each(task, process)                                                               \
	for ((task) = task_first(process); (task); (task) = task_after(task))
struct task *task_after(const struct task *task);

/* clone(2) with CLONE_THREAD: the new task's id, or -EAGAIN, -EINVAL, -ENOMEM, -EPERM. May
 * sleep. */
struct birth_request;
long task_clone(const struct birth_request *request);

/* exit(2): the end of the calling task, and of its process with the last one. status as wait4(2)
 * reports it. */
_Noreturn void task_exit(int status);

/* With process_table_lock and signals.lock: all tasks of a process but one are to end. */
void task_call_others(struct process *process, const struct task *self);

/* exec: the caller is its process's only task, and has its id. The others end first. -EAGAIN
 * when another task of the process is doing the same. May sleep. */
int __must_check task_become_only(void);

/* On the way to user mode: end, if the process wants that of this task; stand still while the
 * process is stopped. May sleep. */
void task_heed_process(void);
/* Whether the process is ending, or another of its tasks executes a program. */
bool task_must_end(const struct task *task);
/* Whether task_heed_process would have something to do. */
bool task_is_called(const struct task *task);

/* With process_table_lock: the calling task is no longer among its process's. Its thread goes on
 * as the kernel's, on the kernel's page table. The caller frees the task. */
void task_detach(void);
