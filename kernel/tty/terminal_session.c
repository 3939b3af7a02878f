/* SPDX-License-Identifier: MIT
 *
 * What ties a terminal to a session, and how they part (credentials(7), tty_ioctl(4)).
 */
#include <asm/signal.h>
#include <linux/capability.h>

#include <kernel/lib/errno.h>
#include <kernel/proc/process.h>
#include <kernel/tty/pty.h>
#include <kernel/tty/terminal.h>
#include <kernel/tty/terminal_state.h>

/* With the table's and the terminal's lock. */
static long take_held(struct terminal *terminal, bool steal)
{
	struct process *self = current_process(), *process;

	if (terminal->pty && terminal->pty->master_closed)
		return -EIO;
	if (self->session == self->id && self->terminal == terminal)
		return 0;
	if (self->session != self->id || self->terminal)
		return -EPERM;
	if (terminal->session && !(steal && process_is_capable(CAP_SYS_ADMIN)))
		return -EPERM;
	for (process = process_next(NULL); process; process = process_next(process))
		if (process->terminal == terminal)
			process->terminal = NULL;
	terminal->session = self->session;
	terminal->foreground = self->group;
	self->terminal = terminal;
	self->lost_foreground = 0;
	return 0;
}

long terminal_take(struct terminal *terminal, bool steal)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	long result;

	spin_lock(&terminal->lock);
	result = take_held(terminal, steal);
	spin_unlock(&terminal->lock);
	spin_unlock_irq(&process_table_lock, flags);
	return result;
}

/* The terminal has no session any more: who its foreground was. With the table's lock. */
static process_id end_session(struct terminal *terminal, bool cut_off)
{
	process_id foreground;

	spin_lock(&terminal->lock);
	foreground = terminal->foreground;
	terminal->session = terminal->foreground = 0;
	terminal->stopped = false;
	if (cut_off)
		__atomic_add_fetch(&terminal->hangups, 1, __ATOMIC_RELEASE);
	spin_unlock(&terminal->lock);
	terminal_wake(terminal);
	return foreground;
}

static void tell_of_hang_up(struct process *process)
{
	signal_send_held(process, SIGHUP, NULL);
	signal_send_held(process, SIGCONT, NULL);
}

void terminal_leave_session(struct process *leader)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	struct terminal *terminal = leader->terminal;
	process_id foreground = leader->lost_foreground;
	struct process *process;

	leader->lost_foreground = 0;
	/* What is open of a pseudo-terminal stays so, for background jobs to write to, until the
	 * master goes. */
	if (terminal)
		foreground = end_session(terminal, !terminal->pty);
	for (process = process_next(NULL); process; process = process_next(process)) {
		if (process->session != leader->session)
			continue;
		process->terminal = NULL;
		if (process->group == foreground)
			tell_of_hang_up(process);
	}
	spin_unlock_irq(&process_table_lock, flags);
}

void terminal_hang_up(struct terminal *terminal)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	process_id foreground = end_session(terminal, true);
	struct process *process;

	for (process = process_next(NULL); process; process = process_next(process)) {
		if (process->terminal != terminal)
			continue;
		process->terminal = NULL;
		if (process->session != process->id)
			continue;
		/* The others hear of it when the leader ends. */
		process->lost_foreground = foreground;
		tell_of_hang_up(process);
	}
	spin_unlock_irq(&process_table_lock, flags);
}
