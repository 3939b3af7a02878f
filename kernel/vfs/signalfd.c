/* SPDX-License-Identifier: MIT
 *
 * signalfd(2): the pending signals of whoever reads, as records.
 */
#include <kernel/vfs/signalfd.h>

#include <asm/poll.h>
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/user_copy.h>
#include <kernel/proc/signal.h>
#include <kernel/vfs/anonymous_file.h>
#include <kernel/vfs/file.h>
#include <linux/signalfd.h>

#define READABLE    (POLLIN | POLLRDNORM)
#define UNAVAILABLE (SIGNAL_BIT(SIGKILL) | SIGNAL_BIT(SIGSTOP))

struct signalfd {
	uint64_t set; /* atomic */
};

static uint64_t set_of(const struct file *file)
{
	const struct signalfd *self = file->state;

	return __atomic_load_n(&self->set, __ATOMIC_ACQUIRE);
}

/* A signal as signalfd(2) tells it. */
static void describe(struct signalfd_siginfo *to, int number, const struct signal_origin *origin)
{
	siginfo_t info;

	memset(&info, 0, sizeof(info));
	signal_fill_info(&info, number, origin);
	memset(to, 0, sizeof(*to));
	to->ssi_signo = (uint32_t)info.si_signo;
	to->ssi_code = info.si_code;
	if (number != SIGCHLD && info.si_code > 0 && info.si_code != SI_KERNEL) {
		to->ssi_addr = (uint64_t)info.si_addr;
		return;
	}
	to->ssi_pid = (uint32_t)info.si_pid;
	to->ssi_uid = info.si_uid;
	if (number == SIGCHLD) {
		to->ssi_status = info.si_status;
	} else {
		to->ssi_int = info.si_int;
		to->ssi_ptr = (uint64_t)info.si_ptr;
	}
	if (info.si_code == SI_TIMER) {
		to->ssi_pid = to->ssi_uid = 0;
		to->ssi_tid = (uint32_t)origin->sender;
		to->ssi_overrun = (uint32_t)origin->overrun;
	}
}

/* One signal to the user: 1, 0 when there is none, -EFAULT. */
static long put_signal(struct file *file, void __user *to)
{
	struct signalfd_siginfo record;
	struct signal_origin origin;
	int number = signal_take(set_of(file), &origin);

	if (!number)
		return 0;
	describe(&record, number, &origin);
	return copy_to_user(to, &record, sizeof(record)) ? -EFAULT : 1;
}

static long signalfd_read(struct file *file, void __user *buffer, uint64_t size, uint64_t *offset)
{
	uint64_t room = size / sizeof(struct signalfd_siginfo), done = 0;
	struct signalfd_siginfo __user *to = buffer;
	long result = 0;

	if (room == 0)
		return -EINVAL;
	while (done < room) {
		result = put_signal(file, &to[done]);
		if (result > 0)
			done++;
		if (result < 0 || (result == 0 && done > 0))
			break;
		if (result > 0)
			continue;
		if (file->flags & O_NONBLOCK)
			return -EAGAIN;
		if (WAIT_UNTIL(&signal_arrivals, (signal_waiting() & set_of(file)) != 0,
		               WAIT_INTERRUPTIBLE, WAIT_FOREVER) < 0)
			return -ERESTARTSYS;
	}
	return done ? (long)(done * sizeof(struct signalfd_siginfo)) : result;
}

static uint32_t signalfd_poll(struct file *file, struct wait_queue **queue)
{
	*queue = &signal_arrivals;
	return signal_waiting() & set_of(file) ? READABLE : 0;
}

static const struct file_ops signalfd_ops = {
        .kind = "signalfd",
        .read = signalfd_read,
        .poll = signalfd_poll,
        .stat = anonymous_stat,
        .close = anonymous_close,
};

long signalfd_open(uint64_t set, uint32_t flags)
{
	struct file *file = anonymous_create(&signalfd_ops, sizeof(struct signalfd), O_RDWR | flags,
	                                     "anon_inode:[signalfd]");
	int error;

	if (!file)
		return -ENOMEM;
	error = signalfd_set(file, set);
	if (error) {
		file_put(file);
		return error;
	}
	return anonymous_install(file, flags);
}

int signalfd_set(struct file *file, uint64_t set)
{
	struct signalfd *self = file->state;

	if (file->ops != &signalfd_ops)
		return -EINVAL;
	__atomic_store_n(&self->set, set & ~UNAVAILABLE, __ATOMIC_SEQ_CST);
	/* What is pending may be in the set now. */
	wake_for(&signal_arrivals, READABLE);
	return 0;
}
