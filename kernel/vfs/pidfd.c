/* SPDX-License-Identifier: MIT
 *
 * A process knows the descriptors for it, and tells them how it goes with it.
 */
#include <kernel/vfs/pidfd.h>

#include <asm/fcntl.h>
#include <asm/poll.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/list.h>
#include <kernel/proc/process.h>
#include <kernel/vfs/anonymous_file.h>
#include <kernel/vfs/file.h>

#define READABLE (POLLIN | POLLRDNORM)

struct pidfd {
	struct process *process; /* NULL: it is no more; process_table_lock */
	struct list link;        /* process->pidfds; process_table_lock */
	uint32_t events;         /* what poll(2) sees: atomic */
	struct wait_queue queue;
};

static uint32_t pidfd_poll(struct file *file, struct wait_queue **queue)
{
	struct pidfd *self = file->state;

	*queue = &self->queue;
	return __atomic_load_n(&self->events, __ATOMIC_ACQUIRE);
}

static void pidfd_close(struct file *file)
{
	struct pidfd *self = file->state;
	unsigned long flags = spin_lock_irq(&process_table_lock);

	list_remove(&self->link);
	spin_unlock_irq(&process_table_lock, flags);
	anonymous_close(file);
}

static const struct file_ops pidfd_ops = {
        .kind = "pidfd",
        .poll = pidfd_poll,
        .stat = anonymous_stat,
        .close = pidfd_close,
};

static void tell(struct pidfd *self, uint32_t events)
{
	__atomic_store_n(&self->events, events, __ATOMIC_RELEASE);
	wake_for(&self->queue, events);
}

int pidfd_create(process_id id, uint32_t flags, struct file **file)
{
	struct process *process;
	unsigned long irq_flags;
	struct pidfd *self;
	int error = 0;

	*file = anonymous_create(&pidfd_ops, sizeof(struct pidfd), O_RDWR | flags,
	                         "anon_inode:[pidfd]");
	if (!*file)
		return -ENOMEM;
	self = (*file)->state;
	list_init(&self->link);
	wait_queue_init(&self->queue);
	irq_flags = spin_lock_irq(&process_table_lock);
	process = process_find(id);
	if (process) {
		self->process = process;
		list_add_tail(&process->pidfds, &self->link);
		if (process->state == PROCESS_ZOMBIE)
			self->events = READABLE;
	} else {
		error = task_find(id) ? -EINVAL : -ESRCH;
	}
	spin_unlock_irq(&process_table_lock, irq_flags);
	if (error)
		file_put(*file);
	return error;
}

int pidfd_process(const struct file *file, struct process **process)
{
	const struct pidfd *self = file->state;

	if (file->ops != &pidfd_ops)
		return -EBADF;
	*process = self->process;
	return 0;
}

void pidfds_ended(struct process *process)
{
	struct list *link, *scratch;

	list_for_each(link, scratch, &process->pidfds)
	{
		tell(list_entry(link, struct pidfd, link), READABLE);
	}
}

void pidfds_gone(struct process *process)
{
	struct list *link, *scratch;

	list_for_each(link, scratch, &process->pidfds)
	{
		struct pidfd *self = list_entry(link, struct pidfd, link);

		list_remove(&self->link);
		self->process = NULL;
		tell(self, READABLE | POLLHUP);
	}
}
