/* SPDX-License-Identifier: MIT
 *
 * The commands of a master (ioctl_tty(2), TIOCGPTPEER(2const)): its own, those that it has another
 * answer to than its slave, and, by a fall through, those that it hands to the slave.
 */
#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <linux/fcntl.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/user_copy.h>
#include <kernel/tty/pty.h>
#include <kernel/tty/terminal.h>
#include <kernel/tty/terminal_state.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/namespace.h>

#define PEER_FLAGS (O_ACCMODE | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)

static long give_int(uint64_t argument, int value)
{
	return copy_to_user((void __user *)argument, &value, sizeof(value));
}

static long get_number(struct pty *pty, uint64_t argument)
{
	return give_int(argument, (int)pty->number);
}

static long get_lock(struct pty *pty, uint64_t argument)
{
	return give_int(argument, __atomic_load_n(&pty->locked, __ATOMIC_RELAXED));
}

static long set_lock(struct pty *pty, uint64_t argument)
{
	unsigned long flags;
	int wanted;

	if (copy_from_user(&wanted, (const void __user *)argument, sizeof(wanted)))
		return -EFAULT;
	flags = spin_lock_irq(&pty->terminal.lock);
	pty->locked = wanted != 0;
	spin_unlock_irq(&pty->terminal.lock, flags);
	return 0;
}

/* The slave by its name, so that it can be found in /proc. The name may lead elsewhere where /dev
 * is another directory, which is no way to the slave then. */
static long open_peer(struct pty *pty, uint64_t argument)
{
	struct file *file;
	char name[24];
	long result;

	format(name, sizeof(name), "/dev/pts/%u", pty->number);
	result = vfs_open(NULL, name, (uint32_t)argument & PEER_FLAGS, 0, &file);
	if (result)
		return result;
	if (!terminal_is_slave_of(file, pty))
		result = -EIO;
	else
		result = file_install(file, 0, argument & O_CLOEXEC);
	if (result < 0)
		file_put(file);
	return result;
}

static long get_count(struct pty *pty, uint64_t argument)
{
	return give_int(argument, (int)pty_output_count(pty));
}

static long flush(struct pty *pty, uint64_t argument)
{
	unsigned long flags;

	if (argument == TCOFLUSH) /* what was written is typed by now */
		return 0;
	if (argument != TCIFLUSH && argument != TCIOFLUSH)
		return -EINVAL;
	flags = spin_lock_irq(&pty->terminal.lock);
	pty_output_discard(pty);
	spin_unlock_irq(&pty->terminal.lock, flags);
	wake_all(&pty->terminal.changed);
	return 0;
}

/* Who holds the master may know, without being of the session. */
static long get_foreground(struct pty *pty, uint64_t argument)
{
	return give_int(argument, terminal_foreground(&pty->terminal));
}

static long get_session(struct pty *pty, uint64_t argument)
{
	process_id session = __atomic_load_n(&pty->terminal.session, __ATOMIC_RELAXED);

	return session ? give_int(argument, session) : -ENOTTY;
}

/* No session has a master for its terminal, and its own flow cannot be stopped. */
static long refuse(struct pty *pty, uint64_t argument)
{
	return -ENOTTY;
}

static const struct {
	unsigned int command;
	long (*handle)(struct pty *pty, uint64_t argument);
} commands[] = {
        {TIOCGPTN, get_number},      {TIOCGPTLCK, get_lock},
        {TIOCSPTLCK, set_lock},      {TIOCGPTPEER, open_peer},
        {FIONREAD, get_count},       {TCFLSH, flush},
        {TIOCGPGRP, get_foreground}, {TIOCGSID, get_session},
        {TIOCNOTTY, refuse},         {TCXONC, refuse},
};

long pty_master_ioctl(struct file *file, unsigned int command, uint64_t argument)
{
	struct pty *pty = file->state;

	for (unsigned int i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].command == command)
			return commands[i].handle(pty, argument);
	return terminal_command(&pty->terminal, command, argument);
}
