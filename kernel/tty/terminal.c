/* SPDX-License-Identifier: MIT
 *
 * The terminal as a file, and what ties it to a session (credentials(7)).
 */
#include <asm/poll.h>
#include <asm/signal.h>
#include <linux/fcntl.h>
#include <linux/major.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/process.h>
#include <kernel/tty/terminal.h>
#include <kernel/tty/terminal_state.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/vnode.h>

#define CONSOLE_DEVICE (TTY_MAJOR << 8 | 64) /* ttyS0: what /proc calls it */
#define TTY_DEVICE     (TTYAUX_MAJOR << 8 | 0)

/* An open file that outlives sessions: /dev/console, /dev/ttyS0. Others keep the number of
 * hang-ups at their opening, so that they notice the next one. */
#define OUTLIVES_SESSIONS ((void *)UINTPTR_MAX)

#define CONTROL(letter) ((letter) ^ 0x40)

/* The values that Linux starts a terminal with (tty_std_termios). */
struct terminal console = {
        .lock = SPINLOCK_INIT(terminal),
        .settings =
                {
                        .c_iflag = ICRNL | IXON,
                        .c_oflag = OPOST | ONLCR,
                        .c_cflag = B115200 | CS8 | CREAD | HUPCL | CLOCAL,
                        .c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
                        .c_cc =
                                {
                                        [VINTR] = CONTROL('C'),
                                        [VQUIT] = CONTROL('\\'),
                                        [VERASE] = 0x7f,
                                        [VKILL] = CONTROL('U'),
                                        [VEOF] = CONTROL('D'),
                                        [VMIN] = 1,
                                        [VSTART] = CONTROL('Q'),
                                        [VSTOP] = CONTROL('S'),
                                        [VSUSP] = CONTROL('Z'),
                                        [VREPRINT] = CONTROL('R'),
                                        [VDISCARD] = CONTROL('O'),
                                        [VWERASE] = CONTROL('W'),
                                        [VLNEXT] = CONTROL('V'),
                                },
                },
        .readable = WAIT_QUEUE_INIT(console.readable),
        .writable = WAIT_QUEUE_INIT(console.writable),
};

uint32_t terminal_device(const struct terminal *terminal)
{
	return CONSOLE_DEVICE;
}

process_id terminal_foreground(const struct terminal *terminal)
{
	return __atomic_load_n(&terminal->foreground, __ATOMIC_RELAXED);
}

bool terminal_is_hung_up(const struct file *file)
{
	return file->state != OUTLIVES_SESSIONS &&
	       file->state != (void *)__atomic_load_n(&console.hangups, __ATOMIC_ACQUIRE);
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

/* One piece to the line: 0, or -EAGAIN while VSTOP holds the output up. */
static long put_piece(struct terminal *terminal, const char *bytes, uint64_t size)
{
	struct terminal_output output = {.size = 0};
	unsigned long flags = spin_lock_irq(&terminal->lock);
	uint64_t i;

	if (terminal->stopped) {
		spin_unlock_irq(&terminal->lock, flags);
		return -EAGAIN;
	}
	for (i = 0; i < size; i++)
		output_character(terminal, &output, bytes[i]);
	output_flush(&output);
	spin_unlock_irq(&terminal->lock, flags);
	return 0;
}

static bool may_write(const struct terminal *terminal, const struct file *file)
{
	return !__atomic_load_n(&terminal->stopped, __ATOMIC_ACQUIRE) || terminal_is_hung_up(file);
}

/* A piece with the wait for VSTART: 0, -EAGAIN, -ERESTARTSYS, -EIO. */
static long write_piece(struct file *file, const char *bytes, uint64_t size)
{
	for (;;) {
		if (terminal_is_hung_up(file))
			return -EIO;
		if (put_piece(&console, bytes, size) == 0)
			return 0;
		if (file->flags & O_NONBLOCK)
			return -EAGAIN;
		if (WAIT_UNTIL(&console.writable, may_write(&console, file), WAIT_INTERRUPTIBLE,
		               WAIT_FOREVER) < 0)
			return -ERESTARTSYS;
	}
}

#define PIECE_BYTES 256u

static uint64_t piece_of(uint64_t size)
{
	return size < PIECE_BYTES ? size : PIECE_BYTES;
}

static long check_output(void)
{
	return console.settings.c_lflag & TOSTOP ? terminal_check_background(&console, SIGTTOU) : 0;
}

static long terminal_write(struct file *file, const void __user *buffer, uint64_t size,
                           uint64_t *offset)
{
	const char __user *from = buffer;
	uint64_t done = 0, step;
	char bytes[PIECE_BYTES];
	long error = check_output();

	while (error == 0 && done < size) {
		step = piece_of(size - done);
		error = copy_from_user(bytes, from + done, step);
		if (error == 0)
			error = write_piece(file, bytes, step);
		if (error == 0)
			done += step;
	}
	return done ? (long)done : error;
}

static long terminal_write_kernel(struct file *file, const void *buffer, uint64_t size,
                                  uint64_t *offset)
{
	const char *from = buffer;
	uint64_t done = 0, step;
	long error = check_output();

	while (error == 0 && done < size) {
		step = piece_of(size - done);
		error = write_piece(file, from + done, step);
		if (error == 0)
			done += step;
	}
	return done ? (long)done : error;
}

static uint32_t terminal_poll(struct file *file, struct wait_queue **queue)
{
	uint32_t events = 0;

	*queue = &console.readable;
	if (terminal_is_hung_up(file))
		return POLLHUP | POLLIN | POLLRDNORM | POLLOUT | POLLWRNORM;
	if (input_ready(&console, 1))
		events |= POLLIN | POLLRDNORM;
	if (!console.stopped)
		events |= POLLOUT | POLLWRNORM;
	return events;
}

static const struct file_ops terminal_ops = {
        .kind = "terminal",
        .read = terminal_read,
        .write = terminal_write,
        .write_kernel = terminal_write_kernel,
        .ioctl = terminal_ioctl,
        .poll = terminal_poll,
};

int terminal_open(struct file *file)
{
	bool is_tty = file->vnode && file->vnode->attr.device == TTY_DEVICE;

	if (is_tty && current_process()->terminal != &console)
		return -ENXIO;
	file->state = is_tty ? (void *)__atomic_load_n(&console.hangups, __ATOMIC_ACQUIRE)
	                     : OUTLIVES_SESSIONS;
	file->ops = &terminal_ops;
	return 0;
}

void terminal_leave_session(struct process *leader)
{
	struct terminal *terminal = leader->terminal;
	process_id foreground;
	struct process *process;
	unsigned long flags;

	if (!terminal)
		return;
	flags = spin_lock_irq(&process_table_lock);
	spin_lock(&terminal->lock);
	foreground = terminal->foreground;
	terminal->session = terminal->foreground = 0;
	terminal->stopped = false;
	__atomic_add_fetch(&terminal->hangups, 1, __ATOMIC_RELEASE);
	spin_unlock(&terminal->lock);
	for (process = process_next(NULL); process; process = process_next(process)) {
		if (process->group == foreground && process != leader) {
			signal_send_held(process, SIGHUP, NULL);
			signal_send_held(process, SIGCONT, NULL);
		}
		if (process->session == leader->session)
			process->terminal = NULL;
	}
	spin_unlock_irq(&process_table_lock, flags);
	wake_all(&terminal->readable);
	wake_all(&terminal->writable);
}
