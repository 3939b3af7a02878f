/* SPDX-License-Identifier: MIT */
#include <kernel/proc/priority.h>

#include <kernel/lib/errno.h>
#include <kernel/proc/process.h>
#include <kernel/proc/sched.h>
#include <linux/capability.h>
#include <linux/ioprio.h>
#include <linux/resource.h>
#include <linux/sched.h>

#define NICE_MIN           (-20)
#define NICE_MAX           19
#define REAL_TIME_MOST     99
#define NICE_STEPS_OF_TICK 4 /* that make a turn a tick shorter, or longer */

struct priority priority_inherit(void)
{
	const struct task *parent = current_thread()->task;
	struct priority own;

	if (!parent)
		return (struct priority){.nice = 0};
	own = parent->priority;
	if (own.reset_on_fork) {
		if (own.nice < 0)
			own.nice = 0;
		own.reset_on_fork = false;
	}
	return own;
}

uint32_t priority_turn(const struct priority *priority)
{
	if (priority->policy == SCHED_IDLE)
		return 1;
	return (uint32_t)(SLICE_TICKS - priority->nice / NICE_STEPS_OF_TICK);
}

/* With process_table_lock. */
static void changed(struct task *task)
{
	task->thread->turn = priority_turn(&task->priority);
}

/* ---- which tasks ---- */

/* What is done with one; the answer for all so far is -ESRCH before the first. */
typedef long (*visit)(struct task *task, int value, long so_far);

/* With process_table_lock. */
static bool is_meant(const struct process *process, int which, int who)
{
	const struct process *self = current_process();

	if (which == PRIO_PGRP)
		return process->group == (who ? who : self->group);
	return process->credentials.user.real ==
	       (who ? (uint32_t)who : self->credentials.user.real);
}

static long visit_one(int who, visit act, int value)
{
	struct task *task = who ? task_find(who) : current_task();

	return task ? act(task, value, -ESRCH) : -ESRCH;
}

static long visit_many(int which, int who, visit act, int value)
{
	struct process *process;
	struct task *task;
	long result = -ESRCH;

	for (process = process_next(NULL); process; process = process_next(process)) {
		if (!is_meant(process, which, who))
			continue;
		task_for_each(task, process)
		{
			result = act(task, value, result);
		}
	}
	return result;
}

static long visit_tasks(int which, int who, visit act, int value)
{
	unsigned long flags;
	long result;

	if (which < PRIO_PROCESS || which > PRIO_USER)
		return -EINVAL;
	flags = spin_lock_irq(&process_table_lock);
	result = which == PRIO_PROCESS ? visit_one(who, act, value)
	                               : visit_many(which, who, act, value);
	spin_unlock_irq(&process_table_lock, flags);
	return result;
}

static bool is_own(const struct task *task)
{
	const struct id_set *its = &task->process->credentials.user;
	uint32_t self = current_process()->credentials.user.effective;

	return self == its->real || self == its->effective;
}

/* ---- nice values ---- */

static long best_nice(struct task *task, int unused, long so_far)
{
	long own = NICE_MAX + 1 - task->priority.nice;

	return own > so_far ? own : so_far;
}

long priority_get(int which, int who)
{
	return visit_tasks(which, who, best_nice, 0);
}

/* Whether a task may come to a nice value that asks for more (getrlimit(2), RLIMIT_NICE). */
static bool may_be(const struct task *task, int nice)
{
	uint64_t least = (uint64_t)(NICE_MAX + 1 - nice);

	return least <= task->process->limits.of[RLIMIT_NICE].soft ||
	       process_is_capable(CAP_SYS_NICE);
}

static long set_nice(struct task *task, int nice, long so_far)
{
	if (!is_own(task) && !process_is_capable(CAP_SYS_NICE))
		return -EPERM;
	if (nice < task->priority.nice && !may_be(task, nice))
		return -EACCES;
	task->priority.nice = (int8_t)nice;
	changed(task);
	return so_far == -ESRCH ? 0 : so_far;
}

long priority_set(int which, int who, int nice)
{
	if (nice < NICE_MIN)
		nice = NICE_MIN;
	if (nice > NICE_MAX)
		nice = NICE_MAX;
	return visit_tasks(which, who, set_nice, nice);
}

/* ---- I/O priorities ---- */

/* Without one of its own: what follows from the nice value. */
static long io_priority_of(const struct task *task)
{
	uint16_t own = task->priority.io;

	if (IOPRIO_PRIO_CLASS(own) != IOPRIO_CLASS_NONE)
		return own;
	if (task->priority.policy == SCHED_IDLE)
		return IOPRIO_PRIO_VALUE(IOPRIO_CLASS_IDLE, 0);
	return IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, (task->priority.nice - NICE_MIN) / 5);
}

static long own_io_priority(struct task *task, int unused, long so_far)
{
	return task->priority.io;
}

/* The best is the smallest. */
static long best_io_priority(struct task *task, int unused, long so_far)
{
	long own = io_priority_of(task);

	return so_far < 0 || own < so_far ? own : so_far;
}

long io_priority_get(int which, int who)
{
	return visit_tasks(which, who, which == PRIO_PROCESS ? own_io_priority : best_io_priority,
	                   0);
}

static long set_io_priority(struct task *task, int value, long so_far)
{
	const struct id_set *its = &task->process->credentials.user;
	const struct id_set *self = &current_process()->credentials.user;

	if (so_far < 0 && so_far != -ESRCH)
		return so_far;
	if (its->real != self->effective && its->real != self->real &&
	    !process_is_capable(CAP_SYS_NICE))
		return -EPERM;
	task->priority.io = (uint16_t)value;
	return 0;
}

static long check_io_priority(int value)
{
	int level = IOPRIO_PRIO_DATA(value);

	switch (IOPRIO_PRIO_CLASS(value)) {
	case IOPRIO_CLASS_RT:
		if (!process_is_capable(CAP_SYS_ADMIN) && !process_is_capable(CAP_SYS_NICE))
			return -EPERM;
		return level < IOPRIO_NR_LEVELS ? 0 : -EINVAL;
	case IOPRIO_CLASS_BE:
		return level < IOPRIO_NR_LEVELS ? 0 : -EINVAL;
	case IOPRIO_CLASS_IDLE:
		return 0;
	case IOPRIO_CLASS_NONE:
		return level == 0 ? 0 : -EINVAL;
	default:
		return -EINVAL;
	}
}

long io_priority_set(int which, int who, int value)
{
	long error = check_io_priority(value);

	return error ? error : visit_tasks(which, who, set_io_priority, value);
}

/* ---- policies ---- */

static long own_policy(struct task *task, int unused, long so_far)
{
	return task->priority.policy | (task->priority.reset_on_fork ? SCHED_RESET_ON_FORK : 0);
}

long policy_get(int who)
{
	return who < 0 ? -EINVAL : visit_tasks(PRIO_PROCESS, who, own_policy, 0);
}

static bool is_real_time(int policy)
{
	return policy == SCHED_FIFO || policy == SCHED_RR;
}

/* Who was set to idle comes back as far as its nice value may be had. */
static bool needs_right(const struct task *task, int policy, bool reset)
{
	const struct priority *own = &task->priority;

	return (own->reset_on_fork && !reset) || !is_own(task) ||
	       (own->policy == SCHED_IDLE && policy != SCHED_IDLE && !may_be(task, own->nice));
}

static long set_policy(struct task *task, int value, long so_far)
{
	bool reset = value & SCHED_RESET_ON_FORK;
	int policy = value & ~SCHED_RESET_ON_FORK;

	/* Nobody has the right to run before everybody else. */
	if (is_real_time(policy) ||
	    (needs_right(task, policy, reset) && !process_is_capable(CAP_SYS_NICE)))
		return -EPERM;
	task->priority.policy = (uint8_t)policy;
	task->priority.reset_on_fork = reset;
	changed(task);
	return 0;
}

static long check_policy(int policy, int real_time)
{
	switch (policy & ~SCHED_RESET_ON_FORK) {
	case SCHED_FIFO:
	case SCHED_RR:
		return real_time > 0 && real_time <= REAL_TIME_MOST ? 0 : -EINVAL;
	case SCHED_NORMAL:
	case SCHED_BATCH:
	case SCHED_IDLE:
		return real_time == 0 ? 0 : -EINVAL;
	default:
		return -EINVAL;
	}
}

long policy_set(int who, int policy, int real_time)
{
	long error = policy_get(who);

	if (error >= 0)
		error = policy < 0 ? -EINVAL : check_policy(policy, real_time);
	return error < 0 ? error : visit_tasks(PRIO_PROCESS, who, set_policy, policy);
}

long policy_set_parameter(int who, int real_time)
{
	long policy = policy_get(who);

	return policy < 0 ? policy : policy_set(who, (int)policy, real_time);
}
