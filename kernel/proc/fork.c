/* SPDX-License-Identifier: MIT
 *
 * fork(2), vfork(2), clone(2): a child that is a copy of the caller.
 */
#include <asm/signal.h>
#include <linux/sched.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/log/log.h>
#include <kernel/mm/user_copy.h>
#include <kernel/mm/vmspace.h>
#include <kernel/proc/birth.h>
#include <kernel/proc/process.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/pidfd.h>
#include <kernel/vfs/vnode.h>

/* Flags that are carried out, and those that change nothing here. */
#define FLAGS_KNOWN                                                                                \
	(CSIGNAL | CLONE_VM | CLONE_VFORK | CLONE_SETTLS | CLONE_PARENT_SETTID |                   \
	 CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | CLONE_DETACHED | CLONE_UNTRACED |             \
	 CLONE_PTRACE | CLONE_CLEAR_SIGHAND | CLONE_PIDFD)

static int copy_files_and_names(struct process *child, struct process *parent)
{
	child->files = file_table_fork(parent->files);
	if (!child->files)
		return -ENOMEM;
	child->cwd = process_hold_cwd();
	child->root = process_hold_root();
	memcpy(child->cwd_path, parent->cwd_path, sizeof(child->cwd_path));
	memcpy(child->name, parent->name, sizeof(child->name));
	memcpy(child->executable, parent->executable, sizeof(child->executable));
	if (!parent->command_line)
		return 0;
	child->command_line = heap_alloc(&core_heap, parent->command_line_size);
	if (!child->command_line)
		return -ENOMEM;
	memcpy(child->command_line, parent->command_line, parent->command_line_size);
	child->command_line_size = parent->command_line_size;
	return 0;
}

static int copy_memory(struct process *child, struct process *parent, uint64_t flags)
{
	if (flags & CLONE_VM) {
		child->vmspace = vmspace_hold(parent->vmspace);
		return 0;
	}
	child->vmspace = vmspace_fork(parent->vmspace);
	return child->vmspace ? 0 : -ENOMEM;
}

/* CLONE_PIDFD: a descriptor for the child, whose number the caller finds in its memory. */
static int give_pidfd(struct process *child, uint64_t address)
{
	struct file *file;
	int error = pidfd_create(child->id, 0, &file), number;
	long descriptor;

	if (error)
		return error;
	descriptor = file_install(file, 0, true);
	if (descriptor < 0) {
		file_put(file);
		return (int)descriptor;
	}
	number = (int)descriptor;
	if (copy_to_user((void __user *)address, &number, sizeof(number)) == 0)
		return 0;
	(void)descriptor_close(number);
	return -EFAULT;
}

/* Undo a fork that failed: nobody has seen the child but by its id. */
static void discard(struct process *child, struct task *task)
{
	unsigned long flags;

	task_free(task);
	flags = spin_lock_irq(&process_table_lock);
	process_unlink(child);
	/* Who waits may have no child left. */
	wake_all(&child->parent->child_event);
	spin_unlock_irq(&process_table_lock, flags);
	if (child->files)
		file_table_destroy(child->files);
	vmspace_put(child->vmspace);
	process_free(child);
}

/* All that the child has but its thread. */
static int copy_process(struct process *child, struct task *task, uint64_t flags)
{
	struct process *parent = current_process();
	int error;

	child->exit_signal = flags & CSIGNAL;
	credentials_copy(child, parent);
	child->umask = parent->umask;
	signal_copy_actions(child, flags & CLONE_CLEAR_SIGHAND);
	signal_copy_mask(task, (flags & (CLONE_VM | CLONE_VFORK)) != CLONE_VM);
	error = copy_files_and_names(child, parent);
	return error ? error : copy_memory(child, parent, flags);
}

static bool wait_is_over(const struct vfork_wait *wait)
{
	return __atomic_load_n(&wait->released, __ATOMIC_ACQUIRE) ||
	       task_must_end(current_task()) || (signal_waiting() & SIGNAL_BIT(SIGKILL));
}

/* The parent's wait in vfork(2). It ends with the child's exec or exit, since the child runs on
 * the parent's stack, or with the parent itself. */
static void wait_for_release(struct vfork_wait *wait, struct process *child)
{
	struct task *self = current_task();
	unsigned long flags = spin_lock_irq(&process_table_lock);

	self->vfork_wait = wait;
	spin_unlock_irq(&process_table_lock, flags);
	WAIT_UNTIL(&wait->queue, wait_is_over(wait), WAIT_PLAIN, WAIT_FOREVER);
	/* The child wakes under this lock: when it is ours, the child is done with *wait. One that
	 * has not released us is in being. */
	flags = spin_lock_irq(&process_table_lock);
	self->vfork_wait = NULL;
	if (!wait->released)
		child->vfork = NULL;
	spin_unlock_irq(&process_table_lock, flags);
}

long process_fork(const struct birth_request *request)
{
	uint64_t flags = request->flags;
	struct vfork_wait wait = {.released = false};
	struct process *child;
	struct thread *thread = NULL;
	struct task *task;
	process_id id;
	int error;

	if ((flags & ~(uint64_t)FLAGS_KNOWN) || (flags & CSIGNAL) > SIGNAL_COUNT)
		return -EINVAL;
	if (birth_tls_is_wrong(request))
		return -EPERM;
	child = process_allocate(current_process());
	if (!child)
		return -EAGAIN;
	id = child->id;
	task = task_allocate(child);
	error = task ? copy_process(child, task, flags) : -ENOMEM;
	if (!error && (flags & CLONE_PIDFD))
		error = give_pidfd(child, request->pidfd);
	if (!error)
		thread = birth_prepare(task, request);
	if (!thread) {
		discard(child, task);
		return error ? error : -ENOMEM;
	}
	if (flags & CLONE_VFORK) {
		wait_queue_init(&wait.queue);
		child->vfork = &wait;
	}
	if (!task_attach(task, thread))
		panic("process %d is about to end before it starts", id);
	/* From here on the child is its own: it may be gone before the next line. */
	thread_start(thread);
	if (flags & CLONE_VFORK)
		wait_for_release(&wait, child);
	return id;
}
