/* SPDX-License-Identifier: MIT
 *
 * The master of a pseudo-terminal as a file: its end of the slave's line.
 */
#include <asm/poll.h>
#include <linux/fcntl.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/signal.h>
#include <kernel/tty/pty.h>
#include <kernel/tty/terminal_state.h>
#include <kernel/vfs/file.h>

#define PIECE_BYTES 256u

static uint64_t take_piece(struct pty *pty, char *bytes, uint64_t size)
{
	struct terminal *terminal = &pty->terminal;
	unsigned long flags = spin_lock_irq(&terminal->lock);
	uint64_t got = pty_output_take(pty, bytes, size < PIECE_BYTES ? size : PIECE_BYTES);

	spin_unlock_irq(&terminal->lock, flags);
	if (got > 0)
		wake_all(&terminal->changed);
	return got;
}

/* What is there, to the user: a count, or -EFAULT when nothing reached it. As on Linux, a piece
 * that does not reach it is gone. */
static long take(struct pty *pty, char __user *buffer, uint64_t size)
{
	uint64_t done = 0, got;
	char bytes[PIECE_BYTES];

	while (done < size && (got = take_piece(pty, bytes, size - done)) > 0) {
		if (copy_to_user(buffer + done, bytes, got))
			return done ? (long)done : -EFAULT;
		done += got;
	}
	return (long)done;
}

static bool is_abandoned(const struct pty *pty)
{
	return __atomic_load_n(&pty->slave_closed, __ATOMIC_ACQUIRE);
}

static long master_read(struct file *file, void __user *buffer, uint64_t size, uint64_t *offset)
{
	struct pty *pty = file->state;
	bool abandoned;
	long result;

	if (size == 0)
		return 0;
	for (;;) {
		abandoned = is_abandoned(pty); /* what was written before is read first */
		result = take(pty, buffer, size);
		if (result != 0)
			return result;
		if (abandoned)
			return -EIO;
		if (file->flags & O_NONBLOCK)
			return -EAGAIN;
		if (WAIT_UNTIL(&pty->master_changed, pty_output_count(pty) > 0 || is_abandoned(pty),
		               WAIT_INTERRUPTIBLE, WAIT_FOREVER) < 0)
			return -ERESTARTSYS;
	}
}

/* Some of a piece, with the wait for the slave's reader: a count, -EAGAIN, -ERESTARTSYS. */
static long write_piece(struct file *file, const char *bytes, uint32_t size)
{
	struct pty *pty = file->state;
	uint32_t used;

	while ((used = input_receive(&pty->terminal, bytes, size, true)) == 0) {
		if (file->flags & O_NONBLOCK)
			return -EAGAIN;
		if (WAIT_UNTIL(&pty->master_changed, input_accepts(&pty->terminal),
		               WAIT_INTERRUPTIBLE, WAIT_FOREVER) < 0)
			return -ERESTARTSYS;
	}
	return used;
}

static long master_write(struct file *file, const void __user *buffer, uint64_t size,
                         uint64_t *offset)
{
	const char __user *from = buffer;
	uint64_t done = 0, step;
	char bytes[PIECE_BYTES];
	long result = 0;

	while (result >= 0 && done < size) {
		step = size - done < PIECE_BYTES ? size - done : PIECE_BYTES;
		result = copy_from_user(bytes, from + done, step);
		if (result == 0)
			result = write_piece(file, bytes, (uint32_t)step);
		if (result > 0)
			done += (uint64_t)result;
	}
	return done ? (long)done : result;
}

static uint32_t master_poll(struct file *file, struct wait_queue **queue)
{
	struct pty *pty = file->state;
	uint32_t events = 0;

	*queue = &pty->master_changed;
	if (is_abandoned(pty))
		events |= POLLHUP;
	if (pty_output_count(pty) > 0)
		events |= POLLIN | POLLRDNORM;
	if (input_accepts(&pty->terminal))
		events |= POLLOUT | POLLWRNORM;
	return events;
}

static void master_close(struct file *file)
{
	struct pty *pty = file->state;
	unsigned long flags = spin_lock_irq(&pty->terminal.lock);

	pty->master_closed = true;
	spin_unlock_irq(&pty->terminal.lock, flags);
	terminal_hang_up(&pty->terminal);
	pty_put(pty);
}

const struct file_ops pty_master_ops = {
        .kind = "terminal",
        .read = master_read,
        .write = master_write,
        .ioctl = pty_master_ioctl,
        .poll = master_poll,
        .close = master_close,
};
