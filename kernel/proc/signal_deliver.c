/* SPDX-License-Identifier: MIT
 *
 * Delivering signals on the way to user mode, and what becomes of the system
 * call that one interrupted (signal(7), "Interruption of system calls").
 */
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <asm/unistd_64.h>

#include <arch/trap_frame.h>
#include <kernel/lib/errno.h>
#include <kernel/proc/process.h>
#include <kernel/proc/signal_default.h>

#define SYSCALL_INSTRUCTION 2 /* bytes */

/* Signals without a row end the process. */
static const uint8_t effects[SIGNAL_COUNT + 1] = {
        [SIGCHLD] = SIGNAL_IGNORE,  [SIGCONT] = SIGNAL_IGNORE, [SIGURG] = SIGNAL_IGNORE,
        [SIGWINCH] = SIGNAL_IGNORE, [SIGSTOP] = SIGNAL_STOP,   [SIGTSTP] = SIGNAL_STOP,
        [SIGTTIN] = SIGNAL_STOP,    [SIGTTOU] = SIGNAL_STOP,
};

enum signal_effect signal_default(int number)
{
	return effects[number];
}

/* The result that means "a signal ended this call", or 0. */
static long restart_code(const struct trap_frame *frame)
{
	long result = (long)frame->rax;

	if (frame->vector != TRAP_VECTOR_SYSCALL || (int64_t)frame->error_code < 0)
		return 0;
	switch (result) {
	case -ERESTARTSYS:
	case -ERESTARTNOINTR:
	case -ERESTARTNOHAND:
	case -ERESTART_RESTARTBLOCK:
		return result;
	default:
		return 0;
	}
}

/* Let the SYSCALL instruction run again. */
static void restart(struct trap_frame *frame, uint64_t number)
{
	frame->rax = number;
	frame->rip -= SYSCALL_INSTRUCTION;
	/* Once is enough, however often we come by. */
	frame->error_code = (uint64_t)-1;
}

static void restart_without_handler(struct trap_frame *frame)
{
	long code = restart_code(frame);

	if (code == -ERESTART_RESTARTBLOCK)
		restart(frame, __NR_restart_syscall);
	else if (code)
		restart(frame, frame->error_code);
}

static void restart_behind_handler(struct trap_frame *frame, const struct signal_action *action)
{
	long code = restart_code(frame);

	if (code == -ERESTARTNOINTR || (code == -ERESTARTSYS && (action->flags & SA_RESTART)))
		restart(frame, frame->error_code);
	else if (code)
		frame->rax = (uint64_t)-EINTR;
}

/* Without a handler: ends, stops or does nothing. */
static void run_default(int number)
{
	switch (signal_default(number)) {
	case SIGNAL_END:
		process_exit(WAIT_STATUS_SIGNALED(number));
	case SIGNAL_STOP:
		process_stop(number);
		break;
	case SIGNAL_IGNORE:
		break;
	}
}

/* The handler's entry: its frame, then the mask it runs under. */
static void enter_handler(struct trap_frame *frame, int number, const struct signal_action *action,
                          const struct signal_origin *origin)
{
	struct task_signals *signals = &current_task()->signals;
	uint64_t mask = signals->restore_mask ? signals->saved_mask : signals->blocked;
	uint64_t blocked = signals->blocked | action->mask;

	signals->restore_mask = false;
	if (signal_frame_push(frame, number, action, origin, mask) < 0) {
		/* No stack to run it on: what a fault there would do (sigaltstack(2)). */
		process_exit(WAIT_STATUS_SIGNALED(SIGSEGV));
	}
	if (!(action->flags & SA_NODEFER))
		blocked |= SIGNAL_BIT(number);
	signal_set_mask(blocked);
}

/* The action for a signal that was taken; SA_RESETHAND forgets it here. */
static struct signal_action take_action(int number)
{
	struct signal_state *signals = &current_process()->signals;
	unsigned long flags = spin_lock_irq(&signals->lock);
	struct signal_action action = signals->actions[number - 1];

	if (action.flags & SA_RESETHAND)
		signals->actions[number - 1].handler = (uint64_t)SIG_DFL;
	spin_unlock_irq(&signals->lock, flags);
	return action;
}

void signal_deliver(struct trap_frame *frame)
{
	struct task_signals *signals = &current_task()->signals;
	struct signal_action action;
	struct signal_origin origin;
	int number;

	for (;;) {
		task_heed_process();
		number = signal_take(~signals->blocked, &origin);
		if (number == 0)
			break;
		action = take_action(number);
		if (action.handler == (uint64_t)SIG_IGN)
			continue;
		if (action.handler == (uint64_t)SIG_DFL) {
			run_default(number);
			continue;
		}
		restart_behind_handler(frame, &action);
		enter_handler(frame, number, &action, &origin);
	}
	restart_without_handler(frame);
	if (signals->restore_mask) {
		signals->restore_mask = false;
		signal_set_mask(signals->saved_mask);
	}
}
