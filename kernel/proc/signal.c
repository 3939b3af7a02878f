/* SPDX-License-Identifier: MIT
 *
 * Sending signals: what is kept pending, what is dropped, who wakes (signal(7)).
 */
#include <asm/poll.h>
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <linux/capability.h>
#include <linux/signal.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/proc/process.h>
#include <kernel/proc/signal_default.h>
#include <kernel/proc/signal_queue.h>

#define INIT_ID     1
#define UNBLOCKABLE (SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP))
#define STOP_SIGNALS                                                                               \
	(SIGNAL_BIT(SIGSTOP) | SIGNAL_BIT(SIGTSTP) | SIGNAL_BIT(SIGTTIN) | SIGNAL_BIT(SIGTTOU))

/* Signals of a set are no longer pending anywhere in the process; with both locks. */
static void forget(struct process *process, uint64_t set)
{
	struct task *task;

	signal_queue_drop(process, &process->signals.queue, set);
	task_for_each(task, process)
	{
		signal_queue_drop(process, &task->signals.queue, set);
	}
}

void signal_forget(struct process *process, int number)
{
	forget(process, SIGNAL_BIT(number));
}

/* Does nothing when delivered, so need not be kept. With signals.lock. */
static bool is_ignored(const struct process *process, int number)
{
	uint64_t handler = process->signals.actions[number - 1].handler;

	if (handler == (uint64_t)SIG_IGN)
		return true;
	if (handler != (uint64_t)SIG_DFL)
		return false;
	/* Nobody kills pid 1 by a signal that it does not handle (kill(2)). */
	return signal_default(number) == SIGNAL_IGNORE || process->id == INIT_ID;
}

/* A stopped process runs again; with process_table_lock. */
static void resume(struct process *process)
{
	if (process->state != PROCESS_STOPPED)
		return;
	__atomic_store_n(&process->state, PROCESS_ALIVE, __ATOMIC_RELEASE);
	process->stop_unreported = false;
	wake_all(&process->continued);
}

/* Which of a set the task would take. */
static uint64_t unblocked(const struct task *task, uint64_t set)
{
	return set & ~(task->signals.blocked & ~UNBLOCKABLE);
}

/* Whether a signal that is ignored must be kept: a task that blocks it may wait for it
 * (sigwait(3)), or change the action before it takes it. */
static bool is_blocked(const struct process *process, const struct task *task, uint64_t bit)
{
	if (!task)
		task = task_first(process);
	return task && ((task->signals.blocked | task->signals.awaited) & bit);
}

struct wait_queue signal_arrivals = WAIT_QUEUE_INIT(signal_arrivals);

/* Out of a sleep that signals end; out of vfork(2), whose wait only its own end does. */
static void rouse(struct task *task, int number)
{
	thread_interrupt(task->thread);
	if (number == SIGKILL && task->vfork_wait)
		wake_all(&task->vfork_wait->queue);
}

/* Keep the signal pending if it means anything, for one task or whichever takes it (NULL). Each
 * that would is woken: who looks first has it, and the others sleep on. With both locks. */
static bool post(struct process *process, struct task *task, int number,
                 const struct signal_origin *origin)
{
	struct signal_state *signals = &process->signals;
	uint64_t bit = SIGNAL_BIT(number);
	struct task *taker;

	if (number == SIGCONT)
		forget(process, STOP_SIGNALS);
	/* The process may be on its way from taking a stop signal to stopping. */
	if (number == SIGCONT || number == SIGKILL)
		signals->stop_taken = false;
	if (bit & STOP_SIGNALS)
		forget(process, SIGNAL_BIT(SIGCONT));
	if (is_ignored(process, number) && !is_blocked(process, task, bit))
		return true;
	if (!signal_queue_add(process, task ? &task->signals.queue : &signals->queue, number,
	                      origin))
		return false;
	task_for_each(taker, process)
	{
		if ((!task || taker == task) && unblocked(taker, bit))
			rouse(taker, number);
	}
	wake_for(&signal_arrivals, POLLIN | POLLRDNORM);
	return true;
}

static bool send(struct process *process, struct task *task, int number,
                 const struct signal_origin *origin)
{
	bool was_stopped = process->state == PROCESS_STOPPED, sent;

	if (process->state == PROCESS_ZOMBIE)
		return true;
	spin_lock(&process->signals.lock);
	sent = signal_queue_overran(origin) || post(process, task, number, origin);
	spin_unlock(&process->signals.lock);
	if (number == SIGKILL || number == SIGCONT)
		resume(process);
	if (number == SIGCONT && was_stopped) {
		process->continue_unreported = true;
		process_notify_parent(process, CLD_CONTINUED, SIGCONT);
	}
	return sent;
}

void signal_send_held(struct process *process, int number, const struct signal_origin *origin)
{
	(void)send(process, NULL, number, origin);
}

void signal_send_task_held(struct task *task, int number, const struct signal_origin *origin)
{
	(void)send(task->process, task, number, origin);
}

void signal_withdraw(struct process *process, int number, struct timer_signal *timer)
{
	struct task *task;

	spin_lock(&process->signals.lock);
	signal_queue_withdraw(process, &process->signals.queue, number, timer);
	task_for_each(task, process)
	{
		signal_queue_withdraw(process, &task->signals.queue, number, timer);
	}
	timer->overrun = timer->last_overrun = 0;
	spin_unlock(&process->signals.lock);
}

void signal_call_task(struct task *task)
{
	task->signals.queue.pending |= SIGNAL_BIT(SIGKILL);
	rouse(task, SIGKILL);
}

void signal_send_from(struct process *process, int number, const struct signal_origin *origin)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);

	signal_send_held(process, number, origin);
	spin_unlock_irq(&process_table_lock, flags);
}

void signal_send(struct process *process, int number)
{
	signal_send_from(process, number, NULL);
}

int signal_send_group(int32_t group, int number)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	struct process *process;
	int result = -ESRCH;

	for (process = process_next(NULL); process; process = process_next(process)) {
		if (process->group != group)
			continue;
		signal_send_held(process, number, NULL);
		result = 0;
	}
	spin_unlock_irq(&process_table_lock, flags);
	return result;
}

static bool may_kill(const struct process *self, const struct process *target, int number)
{
	const struct id_set *own = &self->credentials.user, *its = &target->credentials.user;

	if (own->effective == its->real || own->effective == its->saved || own->real == its->real ||
	    own->real == its->saved || process_is_capable(CAP_KILL))
		return true;
	return number == SIGCONT && self->session == target->session;
}

long signal_send_checked_held(struct process *process, int number,
                              const struct signal_origin *origin)
{
	if (number < 0 || number > SIGNAL_COUNT)
		return -EINVAL;
	if (!may_kill(current_process(), process, number))
		return -EPERM;
	return number == 0 || send(process, NULL, number, origin) ? 0 : -EAGAIN;
}

static bool is_addressed(const struct process *self, const struct process *target, int32_t which)
{
	if (which > 0)
		return target->id == which;
	if (which == -1)
		return target->id != INIT_ID && target != self;
	return target->group == (which == 0 ? self->group : -which);
}

/* With process_table_lock: to each process that which addresses. */
static long kill_held(struct process *self, int32_t which, int number,
                      const struct signal_origin *origin)
{
	struct process *target = which > 0 ? process_find(which) : process_next(NULL);
	long result = -ESRCH;

	for (; target; target = which > 0 ? NULL : process_next(target)) {
		if (!is_addressed(self, target, which))
			continue;
		if (!may_kill(self, target, number)) {
			if (result == -ESRCH)
				result = -EPERM;
			continue;
		}
		result = number == 0 || send(target, NULL, number, origin) ? 0 : -EAGAIN;
	}
	return result;
}

long signal_queue_to(int32_t which, int number, const struct signal_origin *origin)
{
	unsigned long flags;
	long result;

	if (number < 0 || number > SIGNAL_COUNT)
		return -EINVAL;
	flags = spin_lock_irq(&process_table_lock);
	result = kill_held(current_process(), which, number, origin);
	spin_unlock_irq(&process_table_lock, flags);
	return result;
}

long signal_kill(int32_t which, int number)
{
	struct process *self = current_process();
	struct signal_origin origin = {
	        .code = SI_USER, .sender = self->id, .uid = self->credentials.user.real};

	return which == INT32_MIN ? -ESRCH : signal_queue_to(which, number, &origin);
}

long signal_send_to_task(int32_t group, int32_t which, int number,
                         const struct signal_origin *origin)
{
	unsigned long flags;
	struct task *task;
	long result = 0;

	if (which <= 0 || group < 0 || number < 0 || number > SIGNAL_COUNT)
		return -EINVAL;
	flags = spin_lock_irq(&process_table_lock);
	task = task_find(which);
	if (!task || (group != 0 && task->process->id != group))
		result = -ESRCH;
	else if (!may_kill(current_process(), task->process, number))
		result = -EPERM;
	else if (number != 0 && !send(task->process, task, number, origin))
		result = -EAGAIN;
	spin_unlock_irq(&process_table_lock, flags);
	return result;
}

/* The signal as a fault tells it: what the codes of sigaction(2) say of each. */
static const int8_t fault_codes[SIGNAL_COUNT + 1] = {
        [SIGILL] = ILL_ILLOPN, [SIGTRAP] = TRAP_BRKPT,  [SIGBUS] = BUS_ADRERR,
        [SIGFPE] = FPE_INTDIV, [SIGSEGV] = SEGV_MAPERR,
};

void signal_force(int number, uint64_t address)
{
	struct process *self = current_process();
	struct task_signals *own = &current_task()->signals;
	struct signal_action *action = &self->signals.actions[number - 1];
	uint64_t bit = SIGNAL_BIT(number);
	unsigned long flags = spin_lock_irq(&self->signals.lock);

	if ((own->blocked & bit) || action->handler == (uint64_t)SIG_IGN) {
		action->handler = (uint64_t)SIG_DFL;
		own->blocked &= ~bit;
	}
	signal_queue_drop(self, &own->queue, bit);
	own->queue.pending |= bit;
	own->queue.origins[number - 1] = (struct signal_origin){
	        .code = fault_codes[number] ? fault_codes[number] : SI_KERNEL,
	        .address = address,
	};
	spin_unlock_irq(&self->signals.lock, flags);
}

uint64_t signal_waiting(void)
{
	const struct task *task = current_task();

	return __atomic_load_n(&task->signals.queue.pending, __ATOMIC_ACQUIRE) |
	       __atomic_load_n(&task->process->signals.queue.pending, __ATOMIC_ACQUIRE);
}

/* Read without the lock: a sender sets the bit first and interrupts the sleep then. */
bool signal_pending(void)
{
	const struct task *task = current_task();

	return task && ((signal_waiting() & ~task->signals.blocked) != 0 || task_is_called(task));
}

bool signal_is_shunned(int number)
{
	return (current_task()->signals.blocked & SIGNAL_BIT(number)) ||
	       current_process()->signals.actions[number - 1].handler == (uint64_t)SIG_IGN;
}

void signal_set_mask_to_wait(uint64_t blocked, uint64_t awaited)
{
	struct signal_state *signals = &current_process()->signals;
	unsigned long flags = spin_lock_irq(&signals->lock);

	current_task()->signals.blocked = blocked & ~UNBLOCKABLE;
	current_task()->signals.awaited = awaited;
	spin_unlock_irq(&signals->lock, flags);
}

void signal_set_mask(uint64_t blocked)
{
	signal_set_mask_to_wait(blocked, 0);
}

static void forget_alternate_stack(struct task_signals *signals)
{
	signals->alternate_stack = signals->alternate_size = 0;
	signals->alternate_flags = SS_DISABLE;
}

/* What is handled becomes default, what is ignored stays. */
static void forget_handlers(struct signal_state *signals)
{
	for (unsigned int i = 0; i < SIGNAL_COUNT; i++) {
		bool ignored = signals->actions[i].handler == (uint64_t)SIG_IGN;

		memset(&signals->actions[i], 0, sizeof(signals->actions[i]));
		if (ignored)
			signals->actions[i].handler = (uint64_t)SIG_IGN;
	}
}

void signal_reset_handlers(void)
{
	struct signal_state *signals = &current_process()->signals;
	unsigned long flags = spin_lock_irq(&signals->lock);

	forget_handlers(signals);
	forget_alternate_stack(&current_task()->signals);
	spin_unlock_irq(&signals->lock, flags);
}

void signal_copy_actions(struct process *child, bool ignored_alone)
{
	struct signal_state *signals = &current_process()->signals;
	unsigned long flags = spin_lock_irq(&signals->lock);

	memcpy(child->signals.actions, signals->actions, sizeof(signals->actions));
	spin_unlock_irq(&signals->lock, flags);
	if (ignored_alone)
		forget_handlers(&child->signals);
}

void signal_copy_mask(struct task *child, bool with_stack)
{
	const struct task_signals *own = &current_task()->signals;

	child->signals.blocked = own->blocked;
	forget_alternate_stack(&child->signals);
	if (with_stack) {
		child->signals.alternate_stack = own->alternate_stack;
		child->signals.alternate_size = own->alternate_size;
		child->signals.alternate_flags = own->alternate_flags;
	}
}

/* Which of a set comes next: a fault's signal belongs to the instruction that is about to run
 * again. 0: none. */
static int next_of(uint64_t ready)
{
	if (ready & FAULT_SIGNALS)
		ready &= FAULT_SIGNALS;
	return ready ? __builtin_ctzl(ready) + 1 : 0;
}

int signal_take(uint64_t set, struct signal_origin *origin)
{
	struct signal_state *signals = &current_process()->signals;
	struct signal_queue *queue = &current_task()->signals.queue;
	struct queued_signal *moved = NULL;
	unsigned long flags = spin_lock_irq(&signals->lock);
	int number = next_of(queue->pending & set);

	if (!number) {
		queue = &signals->queue;
		number = next_of(queue->pending & set);
	}
	if (number) {
		moved = signal_queue_take(signals, queue, number, origin);
		if (SIGNAL_BIT(number) & STOP_SIGNALS)
			signals->stop_taken = true;
	}
	spin_unlock_irq(&signals->lock, flags);
	heap_free(&core_heap, moved);
	return number;
}
