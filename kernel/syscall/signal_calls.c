/* SPDX-License-Identifier: MIT
 *
 * Calls on signals.
 */
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <linux/signal.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/process.h>
#include <kernel/proc/signal_default.h>
#include <kernel/syscall/poll.h>
#include <kernel/syscall/signal_argument.h>
#include <kernel/syscall/syscall.h>

#define MINIMAL_STACK 2048 /* MINSIGSTKSZ of sigaltstack(2) */

/* Whether a pending signal means nothing under an action: rt_sigaction forgets it then. */
static bool is_ignored_by(const struct signal_action *action, int number)
{
	return action->handler == (uint64_t)SIG_IGN ||
	       (action->handler == (uint64_t)SIG_DFL && signal_default(number) == SIGNAL_IGNORE);
}

long sys_rt_sigaction(int number, const void __user *action, void __user *old_action,
                      uint64_t mask_size)
{
	struct signal_state *signals = &current_process()->signals;
	struct signal_action new, old;
	unsigned long flags;

	if (mask_size != sizeof(uint64_t) || number < 1 || number > SIGNAL_COUNT ||
	    (action && (number == SIGKILL || number == SIGSTOP)))
		return -EINVAL;
	if (action && copy_from_user(&new, action, sizeof(new)))
		return -EFAULT;
	/* An action may forget what is pending for any task. */
	flags = spin_lock_irq(&process_table_lock);
	spin_lock(&signals->lock);
	old = signals->actions[number - 1];
	if (action) {
		new.mask &= ~(SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP));
		signals->actions[number - 1] = new;
		if (is_ignored_by(&new, number))
			signal_forget(current_process(), number);
	}
	spin_unlock(&signals->lock);
	spin_unlock_irq(&process_table_lock, flags);
	return old_action ? copy_to_user(old_action, &old, sizeof(old)) : 0;
}

long sys_rt_sigprocmask(int how, const void __user *mask, void __user *old_mask, uint64_t mask_size)
{
	uint64_t old = current_task()->signals.blocked, set;

	if (mask_size != sizeof(set))
		return -EINVAL;
	if (mask) {
		if (copy_from_user(&set, mask, sizeof(set)))
			return -EFAULT;
		switch (how) {
		case SIG_BLOCK:
			set |= old;
			break;
		case SIG_UNBLOCK:
			set = old & ~set;
			break;
		case SIG_SETMASK:
			break;
		default:
			return -EINVAL;
		}
		signal_set_mask(set);
	}
	return old_mask ? copy_to_user(old_mask, &old, sizeof(old)) : 0;
}

long sys_rt_sigpending(void __user *mask, uint64_t mask_size)
{
	uint64_t set = signal_waiting() & current_task()->signals.blocked;

	if (mask_size > sizeof(set))
		return -EINVAL;
	return copy_to_user(mask, &set, mask_size);
}

/* Sleep until a signal: nothing else wakes. */
static void sleep_for_signal(void)
{
	struct wait_queue nobody;

	wait_queue_init(&nobody);
	WAIT_UNTIL(&nobody, false, WAIT_INTERRUPTIBLE, WAIT_FOREVER);
}

long sys_rt_sigsuspend(const void __user *mask, uint64_t mask_size)
{
	long error = mask ? mask_begin(mask, mask_size) : -EFAULT;

	if (error)
		return error;
	sleep_for_signal();
	return mask_end(mask, -EINTR);
}

long sys_pause(void)
{
	sleep_for_signal();
	return -ERESTARTNOHAND;
}

/* rt_sigtimedwait: block all but the awaited ones' disposition, and take one when it comes.
 * They are blocked in the caller, so the wait lifts them to be woken by them. */
static int wait_for_set(uint64_t set, uint64_t deadline, struct signal_origin *origin)
{
	uint64_t blocked = current_task()->signals.blocked;
	struct wait_queue nobody;
	int number = signal_take(set, origin), error = 0;

	wait_queue_init(&nobody);
	if (number || deadline == 0)
		return number ? number : -EAGAIN;
	signal_set_mask_to_wait(blocked & ~set, set);
	do {
		error = WAIT_UNTIL(&nobody, false, WAIT_INTERRUPTIBLE, deadline);
		number = signal_take(set, origin);
		/* Where another task was quicker, nothing has happened to this one. */
	} while (!number && error == -EINTR && !signal_pending());
	signal_set_mask(blocked);
	if (number)
		return number;
	return error == -ETIMEDOUT ? -EAGAIN : -EINTR;
}

long sys_rt_sigtimedwait(const void __user *mask, void __user *info, const void __user *timeout,
                         uint64_t mask_size)
{
	struct signal_origin origin;
	uint64_t set, deadline;
	siginfo_t image;
	long error, number;

	if (mask_size != sizeof(set))
		return -EINVAL;
	if (copy_from_user(&set, mask, sizeof(set)))
		return -EFAULT;
	error = poll_deadline(timeout, &deadline);
	if (error)
		return error;
	set &= ~(SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP));
	number = wait_for_set(set, deadline, &origin);
	if (number <= 0 || !info)
		return number;
	memset(&image, 0, sizeof(image));
	signal_fill_info(&image, (int)number, &origin);
	return copy_to_user(info, &image, sizeof(image)) ? -EFAULT : number;
}

long sys_rt_sigreturn(void)
{
	return signal_frame_pop(current_thread()->user_frame);
}

static bool runs_on(const struct task_signals *signals, uint64_t stack)
{
	return stack > signals->alternate_stack &&
	       stack - signals->alternate_stack <= signals->alternate_size;
}

long sys_sigaltstack(const void __user *stack, void __user *old_stack)
{
	struct task_signals *signals = &current_task()->signals;
	uint64_t pointer = current_thread()->user_frame->rsp;
	bool active = signals->alternate_size && runs_on(signals, pointer);
	stack_t old, new;
	int mode;

	memset(&old, 0, sizeof(old));
	old.ss_sp = (void *)signals->alternate_stack;
	old.ss_size = signals->alternate_size;
	old.ss_flags = active ? SS_ONSTACK : signals->alternate_size ? 0 : SS_DISABLE;
	old.ss_flags |= signals->alternate_flags & (int)SS_AUTODISARM;
	if (stack) {
		if (copy_from_user(&new, stack, sizeof(new)))
			return -EFAULT;
		if (active)
			return -EPERM;
		mode = new.ss_flags & ~(int)SS_AUTODISARM;
		if (mode != 0 && mode != SS_ONSTACK && mode != SS_DISABLE)
			return -EINVAL;
		if (mode == SS_DISABLE)
			new = (stack_t){.ss_flags = SS_DISABLE};
		else if (new.ss_size < MINIMAL_STACK)
			return -ENOMEM;
		signals->alternate_stack = (uint64_t)new.ss_sp;
		signals->alternate_size = new.ss_size;
		signals->alternate_flags = new.ss_flags;
	}
	return old_stack ? copy_to_user(old_stack, &old, sizeof(old)) : 0;
}

long sys_kill(int which, int number)
{
	return signal_kill(which, number);
}

struct signal_origin signal_from_caller(int32_t code)
{
	const struct process *self = current_process();

	return (struct signal_origin){
	        .code = code, .sender = self->id, .uid = self->credentials.user.real};
}

long sys_tkill(int which, int number)
{
	struct signal_origin origin = signal_from_caller(SI_TKILL);

	return signal_send_to_task(0, which, number, &origin);
}

long sys_tgkill(int group, int which, int number)
{
	struct signal_origin origin = signal_from_caller(SI_TKILL);

	if (group <= 0)
		return -EINVAL;
	return signal_send_to_task(group, which, number, &origin);
}

long signal_origin_get(const void __user *info, int which, int number, struct signal_origin *origin)
{
	siginfo_t image;

	if (copy_from_user(&image, info, sizeof(image)))
		return -EFAULT;
	if (number && image.si_signo != number)
		return -EINVAL;
	if ((image.si_code >= 0 || image.si_code == SI_TKILL) && which != current_process()->id)
		return -EPERM;
	*origin = (struct signal_origin){
	        .code = image.si_code,
	        .sender = image.si_pid,
	        .uid = image.si_uid,
	        .value = (uint64_t)image.si_ptr,
	};
	return 0;
}

long sys_rt_sigqueueinfo(int which, int number, const void __user *info)
{
	struct signal_origin origin;
	long error = signal_origin_get(info, which, 0, &origin);

	if (error)
		return error;
	return which <= 0 ? -ESRCH : signal_queue_to(which, number, &origin);
}

long sys_rt_tgsigqueueinfo(int group, int which, int number, const void __user *info)
{
	struct signal_origin origin;
	long error = signal_origin_get(info, group, 0, &origin);

	if (error)
		return error;
	return group <= 0 || which <= 0 ? -EINVAL
	                                : signal_send_to_task(group, which, number, &origin);
}
