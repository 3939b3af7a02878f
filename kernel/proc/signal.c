/* SPDX-License-Identifier: MIT
 *
 * Sending signals: what is kept pending, what is dropped, who wakes (signal(7)).
 */
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <linux/signal.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/proc/process.h>
#include <kernel/proc/signal_default.h>

#define INIT_ID     1
#define UNBLOCKABLE (SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP))
#define STOP_SIGNALS                                                                               \
	(SIGNAL_BIT(SIGSTOP) | SIGNAL_BIT(SIGTSTP) | SIGNAL_BIT(SIGTTIN) | SIGNAL_BIT(SIGTTOU))

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

/* Keep the signal pending if it means anything; with both locks. */
static void post(struct process *process, int number, const struct signal_origin *origin)
{
	struct signal_state *signals = &process->signals;
	uint64_t bit = SIGNAL_BIT(number);

	if (number == SIGCONT)
		signals->pending &= ~STOP_SIGNALS;
	/* The process may be on its way from taking a stop signal to stopping. */
	if (number == SIGCONT || number == SIGKILL)
		signals->stop_taken = false;
	if (bit & STOP_SIGNALS)
		signals->pending &= ~SIGNAL_BIT(SIGCONT);
	if (is_ignored(process, number) && !(signals->blocked & bit))
		return;
	if (!(signals->pending & bit)) {
		signals->pending |= bit;
		signals->origins[number - 1] =
		        origin ? *origin : (struct signal_origin){.code = SI_KERNEL};
	}
	if (process->thread && (bit & ~(signals->blocked & ~UNBLOCKABLE)))
		thread_interrupt(process->thread);
}

void signal_send_held(struct process *process, int number, const struct signal_origin *origin)
{
	bool was_stopped = process->state == PROCESS_STOPPED;

	if (process->state == PROCESS_ZOMBIE)
		return;
	spin_lock(&process->signals.lock);
	post(process, number, origin);
	spin_unlock(&process->signals.lock);
	if (number == SIGKILL || number == SIGCONT)
		resume(process);
	if (number == SIGCONT && was_stopped) {
		process->continue_unreported = true;
		process_notify_parent(process, CLD_CONTINUED, SIGCONT);
	}
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
	if (self->euid == 0 || self->euid == target->uid || self->euid == target->suid ||
	    self->uid == target->uid || self->uid == target->suid)
		return true;
	return number == SIGCONT && self->session == target->session;
}

static bool is_addressed(const struct process *self, const struct process *target, int32_t which)
{
	if (which > 0)
		return target->id == which;
	if (which == -1)
		return target->id != INIT_ID && target != self;
	return target->group == (which == 0 ? self->group : -which);
}

long signal_kill(int32_t which, int number)
{
	struct process *self = current_process(), *target;
	struct signal_origin origin = {.code = SI_USER, .sender = self->id, .uid = self->uid};
	unsigned long flags;
	long result = -ESRCH;

	if (number < 0 || number > SIGNAL_COUNT)
		return -EINVAL;
	if (which == INT32_MIN)
		return -ESRCH;
	flags = spin_lock_irq(&process_table_lock);
	target = which > 0 ? process_find(which) : process_next(NULL);
	for (; target; target = which > 0 ? NULL : process_next(target)) {
		if (!is_addressed(self, target, which))
			continue;
		if (!may_kill(self, target, number)) {
			if (result == -ESRCH)
				result = -EPERM;
			continue;
		}
		result = 0;
		if (number != 0)
			signal_send_held(target, number, &origin);
	}
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
	struct signal_state *signals = &self->signals;
	struct signal_action *action = &signals->actions[number - 1];
	uint64_t bit = SIGNAL_BIT(number);
	unsigned long flags = spin_lock_irq(&signals->lock);

	if ((signals->blocked & bit) || action->handler == (uint64_t)SIG_IGN) {
		action->handler = (uint64_t)SIG_DFL;
		signals->blocked &= ~bit;
	}
	signals->pending |= bit;
	signals->origins[number - 1] = (struct signal_origin){
	        .code = fault_codes[number] ? fault_codes[number] : SI_KERNEL,
	        .address = address,
	};
	spin_unlock_irq(&signals->lock, flags);
}

/* Read without the lock: a sender sets the bit first and interrupts the sleep then. */
bool signal_pending(void)
{
	struct process *self = current_process();

	return self && (__atomic_load_n(&self->signals.pending, __ATOMIC_ACQUIRE) &
	                ~self->signals.blocked) != 0;
}

bool signal_is_shunned(int number)
{
	const struct signal_state *signals = &current_process()->signals;

	return (signals->blocked & SIGNAL_BIT(number)) ||
	       signals->actions[number - 1].handler == (uint64_t)SIG_IGN;
}

void signal_set_mask(uint64_t blocked)
{
	struct signal_state *signals = &current_process()->signals;
	unsigned long flags = spin_lock_irq(&signals->lock);

	signals->blocked = blocked & ~UNBLOCKABLE;
	spin_unlock_irq(&signals->lock, flags);
}

void signal_reset_handlers(struct process *process)
{
	struct signal_state *signals = &process->signals;
	unsigned long flags = spin_lock_irq(&signals->lock);
	int i;

	for (i = 0; i < SIGNAL_COUNT; i++) {
		bool keep = signals->actions[i].handler == (uint64_t)SIG_IGN;

		memset(&signals->actions[i], 0, sizeof(signals->actions[i]));
		if (keep)
			signals->actions[i].handler = (uint64_t)SIG_IGN;
	}
	signals->alternate_stack = signals->alternate_size = 0;
	signals->alternate_flags = SS_DISABLE;
	spin_unlock_irq(&signals->lock, flags);
}

void signal_state_copy(struct signal_state *child, struct signal_state *parent)
{
	unsigned long flags = spin_lock_irq(&child->lock);

	/* Only the parent itself changes these, and it is the caller. */
	memcpy(child->actions, parent->actions, sizeof(child->actions));
	child->blocked = parent->blocked;
	child->alternate_stack = parent->alternate_stack;
	child->alternate_size = parent->alternate_size;
	child->alternate_flags = parent->alternate_flags;
	spin_unlock_irq(&child->lock, flags);
}

int signal_take(uint64_t set, struct signal_origin *origin)
{
	struct signal_state *signals = &current_process()->signals;
	unsigned long flags = spin_lock_irq(&signals->lock);
	uint64_t ready = signals->pending & set;
	int number = 0;

	/* A fault's signal belongs to the instruction that is about to run again. */
	if (ready & FAULT_SIGNALS)
		ready &= FAULT_SIGNALS;
	if (ready) {
		number = __builtin_ctzl(ready) + 1;
		signals->pending &= ~SIGNAL_BIT(number);
		signals->stop_taken = SIGNAL_BIT(number) & STOP_SIGNALS;
		*origin = signals->origins[number - 1];
	}
	spin_unlock_irq(&signals->lock, flags);
	return number;
}
