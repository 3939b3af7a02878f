/* SPDX-License-Identifier: MIT
 *
 * fork(2), vfork(2), clone(2): a child that is a copy of the caller.
 */
#include <linux/sched.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/user_copy.h>
#include <kernel/mm/user_range.h>
#include <kernel/mm/vmspace.h>
#include <kernel/proc/process.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/vnode.h>

/* What a child's thread needs to find its way to user mode. The child frees it. */
struct birth {
	struct trap_frame frame;
	uint64_t set_tid; /* user address for CLONE_CHILD_SETTID, or 0 */
};

/* Flags that are carried out, and those that change nothing for one thread a process. */
#define FLAGS_KNOWN                                                                                \
	(CSIGNAL | CLONE_VM | CLONE_VFORK | CLONE_SETTLS | CLONE_PARENT_SETTID |                   \
	 CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | CLONE_DETACHED | CLONE_UNTRACED |             \
	 CLONE_PTRACE)

/* clone(2): a bad address is not an error. */
static void store_id(uint64_t address, process_id id)
{
	int error = copy_to_user((void __user *)address, &id, sizeof(id));

	(void)error;
}

static void child_entry(void *argument)
{
	struct birth *birth = argument;
	struct trap_frame frame = birth->frame;

	if (birth->set_tid)
		store_id(birth->set_tid, current_process()->id);
	heap_free(&core_heap, birth);
	signal_deliver(&frame);
	thread_enter_user(&frame);
}

static int copy_files_and_names(struct process *child, struct process *parent)
{
	child->files = file_table_fork(parent->files);
	if (!child->files)
		return -ENOMEM;
	child->cwd = vnode_hold(parent->cwd);
	child->root = vnode_hold(parent->root);
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
		child->vmspace = parent->vmspace;
		child->vmspace_borrowed = true;
		return 0;
	}
	child->vmspace = vmspace_fork(parent->vmspace);
	return child->vmspace ? 0 : -ENOMEM;
}

static void copy_credentials(struct process *child, const struct process *parent)
{
	child->uid = parent->uid;
	child->euid = parent->euid;
	child->suid = parent->suid;
	child->gid = parent->gid;
	child->egid = parent->egid;
	child->sgid = parent->sgid;
	child->umask = parent->umask;
}

/* Undo a fork that failed: nobody has seen the child but by its id. */
static void discard(struct process *child)
{
	unsigned long flags = spin_lock_irq(&process_table_lock);

	process_unlink(child);
	spin_unlock_irq(&process_table_lock, flags);
	if (child->files)
		file_table_destroy(child->files);
	if (child->vmspace && !child->vmspace_borrowed)
		vmspace_destroy(child->vmspace);
	process_free(child);
}

static struct birth *prepare_birth(const struct trap_frame *frame, uint64_t flags, uint64_t stack,
                                   uint64_t child_tid)
{
	struct birth *birth = heap_alloc(&core_heap, sizeof(*birth));

	if (!birth)
		return NULL;
	birth->frame = *frame;
	birth->frame.rax = 0;
	if (stack)
		birth->frame.rsp = stack;
	if (flags & CLONE_CHILD_SETTID)
		birth->set_tid = child_tid;
	return birth;
}

static struct thread *prepare_thread(struct process *child, struct birth *birth, uint64_t flags,
                                     uint64_t tls)
{
	struct thread *thread = thread_create(child->name, child_entry, birth);

	if (!thread)
		return NULL;
	thread_copy_fpu(thread);
	thread->fs_base = flags & CLONE_SETTLS ? tls : current_thread()->fs_base;
	return thread;
}

/* The parent's wait in vfork(2). It ends with the child's exec or exit alone: the child
 * runs on the parent's memory. */
static void wait_for_release(struct vfork_wait *wait)
{
	unsigned long flags;

	WAIT_UNTIL(&wait->queue, __atomic_load_n(&wait->released, __ATOMIC_ACQUIRE), WAIT_PLAIN,
	           WAIT_FOREVER);
	/* The child wakes under this lock: when it is ours, the child is done with *wait. */
	flags = spin_lock_irq(&process_table_lock);
	spin_unlock_irq(&process_table_lock, flags);
}

long process_fork(const struct trap_frame *frame, uint64_t flags, uint64_t stack,
                  uint64_t parent_tid, uint64_t child_tid, uint64_t tls)
{
	struct process *parent = current_process(), *child;
	struct vfork_wait wait = {.released = false};
	struct birth *birth;
	struct thread *thread = NULL;
	process_id id;
	int error;

	if ((flags & ~(uint64_t)FLAGS_KNOWN) || (flags & CSIGNAL) > SIGNAL_COUNT)
		return -EINVAL;
	/* Shared memory needs a parent that stands still. */
	if ((flags & CLONE_VM) && !(flags & CLONE_VFORK))
		return -EINVAL;
	if ((flags & CLONE_SETTLS) && !user_range_ok(tls, 0))
		return -EPERM;
	child = process_allocate(parent);
	if (!child)
		return -EAGAIN;
	id = child->id;
	child->exit_signal = flags & CSIGNAL;
	copy_credentials(child, parent);
	signal_state_copy(&child->signals, &parent->signals);
	if (flags & CLONE_CHILD_CLEARTID)
		child->clear_child_tid = child_tid;
	error = copy_files_and_names(child, parent);
	if (!error)
		error = copy_memory(child, parent, flags);
	birth = error ? NULL : prepare_birth(frame, flags, stack, child_tid);
	if (birth)
		thread = prepare_thread(child, birth, flags, tls);
	if (!thread) {
		heap_free(&core_heap, birth);
		discard(child);
		return -ENOMEM;
	}
	if (flags & CLONE_PARENT_SETTID)
		store_id(parent_tid, id);
	if (flags & CLONE_VFORK) {
		wait_queue_init(&wait.queue);
		child->vfork = &wait;
	}
	/* From here on the child is its own: it may be gone before the next line. */
	process_set_thread(child, thread);
	thread_start(thread);
	if (flags & CLONE_VFORK)
		wait_for_release(&wait);
	return id;
}
