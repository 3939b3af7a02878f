/* SPDX-License-Identifier: MIT
 *
 * Settings, queues and job control of the terminal (tty_ioctl(4)): a table of
 * commands. All but a few may be refused to background processes.
 */
#include <asm/ioctls.h>
#include <asm/signal.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/process.h>
#include <kernel/tty/terminal.h>
#include <kernel/tty/terminal_state.h>
#include <kernel/vfs/file.h>

typedef long (*command_handler)(struct terminal *terminal, uint64_t argument);

static long get_settings(struct terminal *terminal, uint64_t argument)
{
	unsigned long flags = spin_lock_irq(&terminal->lock);
	struct termios settings = terminal->settings;

	spin_unlock_irq(&terminal->lock, flags);
	return copy_to_user((void __user *)argument, &settings, sizeof(settings));
}

static long set_settings(struct terminal *terminal, uint64_t argument)
{
	struct termios settings;
	unsigned long flags;

	if (copy_from_user(&settings, (const void __user *)argument, sizeof(settings)))
		return -EFAULT;
	flags = spin_lock_irq(&terminal->lock);
	if ((settings.c_lflag ^ terminal->settings.c_lflag) & ICANON)
		input_commit(terminal);
	if (!(settings.c_iflag & IXON))
		terminal->stopped = false;
	terminal->settings = settings;
	terminal->literal_next = false;
	spin_unlock_irq(&terminal->lock, flags);
	terminal_wake(terminal);
	return 0;
}

static long discard_input(struct terminal *terminal)
{
	unsigned long flags = spin_lock_irq(&terminal->lock);

	input_discard(terminal);
	spin_unlock_irq(&terminal->lock, flags);
	terminal_wake(terminal);
	return 0;
}

static long set_settings_and_discard(struct terminal *terminal, uint64_t argument)
{
	discard_input(terminal);
	return set_settings(terminal, argument);
}

static long flush(struct terminal *terminal, uint64_t argument)
{
	switch (argument) {
	case TCIFLUSH:
	case TCIOFLUSH:
		return discard_input(terminal);
	case TCOFLUSH: /* output is never queued: what a master has not read is on the line */
		return 0;
	default:
		return -EINVAL;
	}
}

static long control_flow(struct terminal *terminal, uint64_t argument)
{
	unsigned long flags;

	if (argument == TCIOFF || argument == TCION)
		return 0;
	if (argument != TCOOFF && argument != TCOON)
		return -EINVAL;
	flags = spin_lock_irq(&terminal->lock);
	terminal->stopped = argument == TCOOFF;
	spin_unlock_irq(&terminal->lock, flags);
	terminal_wake(terminal);
	return 0;
}

/* tcdrain(3), tcsendbreak(3): writes return when they are on the line. */
static long drain(struct terminal *terminal, uint64_t argument)
{
	return 0;
}

static long get_size(struct terminal *terminal, uint64_t argument)
{
	struct winsize size = terminal->size;

	return copy_to_user((void __user *)argument, &size, sizeof(size));
}

static long set_size(struct terminal *terminal, uint64_t argument)
{
	struct winsize size;
	unsigned long flags;
	process_id foreground;
	bool changed;

	if (copy_from_user(&size, (const void __user *)argument, sizeof(size)))
		return -EFAULT;
	flags = spin_lock_irq(&terminal->lock);
	changed = memcmp(&size, &terminal->size, sizeof(size)) != 0;
	terminal->size = size;
	foreground = terminal->foreground;
	spin_unlock_irq(&terminal->lock, flags);
	if (changed && foreground)
		signal_send_group(foreground, SIGWINCH);
	return 0;
}

static long get_input_count(struct terminal *terminal, uint64_t argument)
{
	unsigned long flags = spin_lock_irq(&terminal->lock);
	int count =
	        (int)((terminal->settings.c_lflag & ICANON ? terminal->committed : terminal->tail) -
	              terminal->head);

	spin_unlock_irq(&terminal->lock, flags);
	return copy_to_user((void __user *)argument, &count, sizeof(count));
}

static long get_output_count(struct terminal *terminal, uint64_t argument)
{
	int count = 0;

	return copy_to_user((void __user *)argument, &count, sizeof(count));
}

static long get_foreground(struct terminal *terminal, uint64_t argument)
{
	process_id group = terminal_foreground(terminal);

	if (current_process()->terminal != terminal)
		return -ENOTTY;
	return copy_to_user((void __user *)argument, &group, sizeof(group));
}

static bool group_is_in_session(process_id group, process_id session)
{
	const struct process *process;

	for (process = process_next(NULL); process; process = process_next(process))
		if (process->group == group && process->session == session)
			return true;
	return false;
}

static long set_foreground(struct terminal *terminal, uint64_t argument)
{
	const struct process *self = current_process();
	process_id group;
	unsigned long flags;
	long result = 0;

	if (copy_from_user(&group, (const void __user *)argument, sizeof(group)))
		return -EFAULT;
	if (group < 0)
		return -EINVAL;
	flags = spin_lock_irq(&process_table_lock);
	spin_lock(&terminal->lock);
	if (self->terminal != terminal || terminal->session != self->session)
		result = -ENOTTY;
	else if (!group_is_in_session(group, self->session))
		result = -EPERM;
	else
		terminal->foreground = group;
	spin_unlock(&terminal->lock);
	spin_unlock_irq(&process_table_lock, flags);
	return result;
}

static long get_session(struct terminal *terminal, uint64_t argument)
{
	process_id session = terminal->session;

	if (current_process()->terminal != terminal || session == 0)
		return -ENOTTY;
	return copy_to_user((void __user *)argument, &session, sizeof(session));
}

/* argument 1: from another session, if need be. */
static long take_terminal(struct terminal *terminal, uint64_t argument)
{
	return terminal_take(terminal, argument == 1);
}

static long give_up_terminal(struct terminal *terminal, uint64_t argument)
{
	struct process *self = current_process();
	unsigned long flags;

	if (self->terminal != terminal)
		return -ENOTTY;
	if (self->session == self->id)
		terminal_leave_session(self);
	flags = spin_lock_irq(&process_table_lock);
	self->terminal = NULL;
	spin_unlock_irq(&process_table_lock, flags);
	return 0;
}

/* TIOCGPTPEER: only a master has a peer, and Linux says so this way. */
static long have_no_peer(struct terminal *terminal, uint64_t argument)
{
	return -EIO;
}

static const struct {
	unsigned int command;
	bool changes; /* not for background processes (SIGTTOU) */
	command_handler handle;
} commands[] = {
        {TCGETS, false, get_settings},
        {TCSETS, true, set_settings},
        {TCSETSW, true, set_settings},
        {TCSETSF, true, set_settings_and_discard},
        {TCFLSH, true, flush},
        {TCXONC, true, control_flow},
        {TCSBRK, true, drain},
        {TCSBRKP, true, drain},
        {TIOCGWINSZ, false, get_size},
        {TIOCSWINSZ, false, set_size},
        {FIONREAD, false, get_input_count},
        {TIOCOUTQ, false, get_output_count},
        {TIOCGPGRP, false, get_foreground},
        {TIOCSPGRP, true, set_foreground},
        {TIOCGSID, false, get_session},
        {TIOCSCTTY, false, take_terminal},
        {TIOCNOTTY, false, give_up_terminal},
        {TIOCGPTPEER, false, have_no_peer},
};

long terminal_command(struct terminal *terminal, unsigned int command, uint64_t argument)
{
	unsigned int i;
	long error;

	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (commands[i].command != command)
			continue;
		error = commands[i].changes ? terminal_check_background(terminal, SIGTTOU) : 0;
		return error ? error : commands[i].handle(terminal, argument);
	}
	return -ENOTTY;
}

long terminal_ioctl(struct file *file, unsigned int command, uint64_t argument)
{
	return terminal_is_hung_up(file) ? -EIO
	                                 : terminal_command(terminal_of(file), command, argument);
}
