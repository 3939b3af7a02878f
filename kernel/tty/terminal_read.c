/* SPDX-License-Identifier: MIT
 *
 * read(2) on the terminal: lines, or bytes by VMIN and VTIME (termios(3),
 * "Canonical and noncanonical mode").
 */
#include <asm/signal.h>
#include <linux/fcntl.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/signal.h>
#include <kernel/time/time.h>
#include <kernel/tty/terminal_state.h>
#include <kernel/vfs/file.h>

#define NS_PER_DECISECOND (NS_PER_SECOND / 10)

static bool ready(struct terminal *terminal, uint32_t wanted, const struct file *file)
{
	return input_ready(terminal, wanted) || terminal_is_hung_up(file);
}

static int wait_for(struct terminal *terminal, uint32_t wanted, const struct file *file,
                    uint64_t deadline)
{
	return WAIT_UNTIL(&terminal->changed, ready(terminal, wanted, file), WAIT_INTERRUPTIBLE,
	                  deadline);
}

/* Raw input with both VMIN and VTIME: the clock starts anew with each byte. */
static int wait_between_bytes(struct terminal *terminal, uint32_t minimum, const struct file *file,
                              uint64_t gap)
{
	int error = wait_for(terminal, 1, file, WAIT_FOREVER);

	while (error == 0 && !ready(terminal, minimum, file))
		error = wait_for(terminal, input_available(terminal) + 1, file, time_now() + gap);
	return error;
}

/* Sleep until the mode lets a read return: 0, -EINTR, or -ETIMEDOUT. */
static int wait_for_input(struct terminal *terminal, uint64_t size, const struct file *file)
{
	const struct termios *settings = &terminal->settings;
	uint32_t minimum = settings->c_cc[VMIN];
	uint64_t gap = settings->c_cc[VTIME] * NS_PER_DECISECOND;

	if (settings->c_lflag & ICANON)
		return wait_for(terminal, 1, file, WAIT_FOREVER);
	if (minimum == 0)
		return gap ? wait_for(terminal, 1, file, time_now() + gap) : 0;
	if (minimum > size)
		minimum = (uint32_t)size;
	if (gap == 0)
		return wait_for(terminal, minimum, file, WAIT_FOREVER);
	return wait_between_bytes(terminal, minimum, file, gap);
}

/* What is there, to the user: a count, or -EFAULT. */
static long take(struct terminal *terminal, char __user *buffer, uint64_t size, bool *ended)
{
	uint64_t done = 0;
	unsigned long flags;
	uint32_t wanted, got;
	char bytes[256];

	*ended = false;
	while (done < size && !*ended) {
		wanted = size - done < sizeof(bytes) ? (uint32_t)(size - done) : sizeof(bytes);
		flags = spin_lock_irq(&terminal->lock);
		got = input_take(terminal, bytes, wanted, ended);
		spin_unlock_irq(&terminal->lock, flags);
		if (got && copy_to_user(buffer + done, bytes, got))
			return -EFAULT;
		done += got;
		if (got < wanted)
			break;
	}
	if (terminal->pty && done > 0)
		terminal_wake(terminal); /* the master may write again */
	return (long)done;
}

long terminal_read(struct file *file, void __user *buffer, uint64_t size, uint64_t *offset)
{
	struct terminal *terminal = terminal_of(file);
	bool ended;
	long result;
	int error;

	if (size == 0)
		return 0;
	for (;;) {
		if (terminal_is_hung_up(file))
			return 0;
		result = terminal_check_background(terminal, SIGTTIN);
		if (result)
			return result;
		if (!input_ready(terminal, 1) && (file->flags & O_NONBLOCK))
			return -EAGAIN;
		error = wait_for_input(terminal, size, file);
		if (error == -EINTR)
			return -ERESTARTSYS;
		if (terminal->pty && terminal_is_hung_up(file))
			return -EIO; /* who waited learns of it, who comes later reads the end */
		result = take(terminal, buffer, size, &ended);
		/* Nothing, and no end of file: raw mode's time is up, or another reader was
		 * faster. */
		if (result != 0 || ended || error == -ETIMEDOUT)
			return result;
		if (!(terminal->settings.c_lflag & ICANON) && terminal->settings.c_cc[VMIN] == 0)
			return 0;
	}
}
