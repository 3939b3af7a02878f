/* SPDX-License-Identifier: MIT
 *
 * Terminals as files: the console, the slaves of pseudo-terminals, /dev/tty.
 */
#include <asm/poll.h>
#include <asm/signal.h>
#include <linux/fcntl.h>
#include <linux/major.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/process.h>
#include <kernel/tty/pty.h>
#include <kernel/tty/terminal.h>
#include <kernel/tty/terminal_state.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/fs_proxies.h>
#include <kernel/vfs/vnode.h>

#define SERIAL_DEVICE  (TTY_MAJOR << 8 | 64) /* ttyS0: what /proc calls the console */
#define TTY_DEVICE     (TTYAUX_MAJOR << 8 | 0)
#define CONSOLE_DEVICE (TTYAUX_MAJOR << 8 | 1)
#define PTMX_DEVICE    (TTYAUX_MAJOR << 8 | 2)

struct terminal console = {
        .lock = SPINLOCK_INIT(terminal),
        .settings = TERMINAL_SETTINGS(B115200 | CS8 | CREAD | HUPCL | CLOCAL),
        .changed = WAIT_QUEUE_INIT(console.changed),
};

uint32_t terminal_device(const struct terminal *terminal)
{
	return terminal->pty ? UNIX98_PTY_SLAVE_MAJOR << 8 | terminal->pty->number : SERIAL_DEVICE;
}

void terminal_wake(struct terminal *terminal)
{
	wake_all(&terminal->changed);
	if (terminal->pty)
		wake_all(&terminal->pty->master_changed);
}

struct terminal *terminal_of(const struct file *file)
{
	return ((const struct terminal_opening *)file->state)->terminal;
}

process_id terminal_foreground(const struct terminal *terminal)
{
	return __atomic_load_n(&terminal->foreground, __ATOMIC_RELAXED);
}

bool terminal_is_hung_up(const struct file *file)
{
	const struct terminal_opening *opening = file->state;

	return opening->hangups != OUTLIVES_SESSIONS &&
	       opening->hangups != __atomic_load_n(&opening->terminal->hangups, __ATOMIC_ACQUIRE);
}

long terminal_check_background(struct terminal *terminal, int number)
{
	struct process *self = current_process();
	unsigned long flags;
	bool orphaned;

	if (self->terminal != terminal || terminal_foreground(terminal) == self->group)
		return 0;
	/* A read without the right to stop fails, a write goes through (setpgid(2)). */
	if (signal_is_shunned(number))
		return number == SIGTTIN ? -EIO : 0;
	flags = spin_lock_irq(&process_table_lock);
	orphaned = process_group_is_orphaned(self->group, NULL);
	spin_unlock_irq(&process_table_lock, flags);
	if (orphaned)
		return -EIO;
	signal_send_group(self->group, number);
	return -ERESTARTSYS;
}

/* What the line takes of a piece: a count, 0 while VSTOP holds the output up or it is full. */
static uint64_t put_piece(struct terminal *terminal, const char *bytes, uint64_t size)
{
	struct terminal_output output = {.size = 0};
	unsigned long flags = spin_lock_irq(&terminal->lock);
	uint64_t i = 0;

	while (i < size && !terminal->stopped && output_has_room(terminal, &output))
		output_character(terminal, &output, bytes[i++]);
	output_flush(terminal, &output);
	spin_unlock_irq(&terminal->lock, flags);
	if (terminal->pty && i > 0)
		wake_all(&terminal->pty->master_changed);
	return i;
}

static bool takes_output(const struct terminal *terminal)
{
	const struct terminal_output output = {.size = 0};

	return !__atomic_load_n(&terminal->stopped, __ATOMIC_ACQUIRE) &&
	       output_has_room(terminal, &output);
}

/* Some of a piece, with the wait for that: a count, -EAGAIN, -ERESTARTSYS, -EIO. */
static long write_piece(struct file *file, const char *bytes, uint64_t size)
{
	struct terminal *terminal = terminal_of(file);
	uint64_t count;

	for (;;) {
		if (terminal_is_hung_up(file))
			return -EIO;
		count = put_piece(terminal, bytes, size);
		if (count > 0)
			return (long)count;
		if (file->flags & O_NONBLOCK)
			return -EAGAIN;
		if (WAIT_UNTIL(&terminal->changed,
		               takes_output(terminal) || terminal_is_hung_up(file),
		               WAIT_INTERRUPTIBLE, WAIT_FOREVER) < 0)
			return -ERESTARTSYS;
	}
}

#define PIECE_BYTES 256u

static uint64_t piece_of(uint64_t size)
{
	return size < PIECE_BYTES ? size : PIECE_BYTES;
}

static long check_output(struct terminal *terminal)
{
	return terminal->settings.c_lflag & TOSTOP ? terminal_check_background(terminal, SIGTTOU)
	                                           : 0;
}

static long terminal_write(struct file *file, const void __user *buffer, uint64_t size,
                           uint64_t *offset)
{
	const char __user *from = buffer;
	uint64_t done = 0, step;
	char bytes[PIECE_BYTES];
	long result = check_output(terminal_of(file));

	while (result >= 0 && done < size) {
		step = piece_of(size - done);
		result = copy_from_user(bytes, from + done, step);
		if (result == 0)
			result = write_piece(file, bytes, step);
		if (result > 0)
			done += (uint64_t)result;
	}
	return done ? (long)done : result;
}

static long terminal_write_kernel(struct file *file, const void *buffer, uint64_t size,
                                  uint64_t *offset)
{
	const char *from = buffer;
	uint64_t done = 0;
	long result = check_output(terminal_of(file));

	while (result >= 0 && done < size) {
		result = write_piece(file, from + done, piece_of(size - done));
		if (result > 0)
			done += (uint64_t)result;
	}
	return done ? (long)done : result;
}

static uint32_t terminal_poll(struct file *file, struct wait_queue **queue)
{
	struct terminal *terminal = terminal_of(file);
	uint32_t events = 0;

	*queue = &terminal->changed;
	if (terminal_is_hung_up(file))
		return POLLHUP | POLLERR | POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM;
	if (input_ready(terminal, 1))
		events |= POLLIN | POLLRDNORM;
	if (takes_output(terminal))
		events |= POLLOUT | POLLWRNORM;
	return events;
}

static void terminal_close(struct file *file)
{
	struct terminal *terminal = terminal_of(file);

	heap_free(&core_heap, file->state);
	if (terminal->pty)
		pty_slave_closed(terminal->pty);
}

static const struct file_ops terminal_ops = {
        .kind = "terminal",
        .read = terminal_read,
        .write = terminal_write,
        .write_kernel = terminal_write_kernel,
        .ioctl = terminal_ioctl,
        .poll = terminal_poll,
        .close = terminal_close,
};

bool terminal_is_slave_of(const struct file *file, const struct pty *pty)
{
	return file->ops == &terminal_ops && terminal_of(file)->pty == pty;
}

/* ---- opening ---- */

static int attach(struct file *file, struct terminal *terminal, uint64_t hangups)
{
	struct terminal_opening *opening = heap_alloc(&core_heap, sizeof(*opening));

	if (!opening)
		return -ENOMEM;
	opening->terminal = terminal;
	opening->hangups = hangups;
	file->state = opening;
	file->ops = &terminal_ops;
	return 0;
}

/* Takes the reference to the pair over. */
static int attach_slave(struct file *file, struct pty *pty)
{
	uint64_t hangups;
	int error = pty_slave_opened(pty, &hangups);

	if (error) {
		pty_put(pty);
		return error;
	}
	error = attach(file, &pty->terminal, hangups);
	if (error)
		pty_slave_closed(pty);
	return error;
}

static int open_slave(struct file *file, uint32_t number)
{
	const struct vnode *vnode = file->vnode;
	struct pty *pty = pty_find(number);
	struct fs_attr attr;

	if (!pty)
		return -EIO;
	/* The node may be an older pair's that had the number, and whose name is gone. */
	if (fs_getattr(vnode->service, vnode->object, &attr)) {
		pty_put(pty);
		return -EIO;
	}
	return attach_slave(file, pty);
}

/* /dev/tty. The master cannot go on closing while the process has the terminal (terminal_hang_up),
 * so that there is a pair to hold. */
static int open_controlling(struct file *file)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);
	struct terminal *terminal = current_process()->terminal;

	if (terminal && terminal->pty)
		pty_hold(terminal->pty);
	spin_unlock_irq(&process_table_lock, flags);
	if (!terminal)
		return -ENXIO;
	if (terminal->pty)
		return attach_slave(file, terminal->pty);
	return attach(file, terminal, __atomic_load_n(&terminal->hangups, __ATOMIC_ACQUIRE));
}

int terminal_open(struct file *file)
{
	uint32_t device = file->vnode->attr.device;
	int error;

	if (device == TTY_DEVICE)
		return open_controlling(file);
	if (device == PTMX_DEVICE)
		return pty_open_master(file);
	if (device >> 8 == UNIX98_PTY_SLAVE_MAJOR)
		error = open_slave(file, device & 0xff);
	else
		error = attach(file, &console, OUTLIVES_SESSIONS);
	/* A session leader without a terminal gets the one that it opens (open(2), O_NOCTTY), but
	 * not the console by that name. */
	if (!error && device != CONSOLE_DEVICE && !(file->flags & O_NOCTTY) && file_may_read(file))
		(void)terminal_take(terminal_of(file), false);
	return error;
}
