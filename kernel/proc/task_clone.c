/* SPDX-License-Identifier: MIT
 *
 * clone(2) with CLONE_THREAD: one more task in the caller's process.
 */
#include <linux/sched.h>

#include <kernel/lib/errno.h>
#include <kernel/proc/birth.h>
#include <kernel/proc/process.h>

/* What tasks of a process share here is shared whole. */
#define FLAGS_NEEDED (CLONE_THREAD | CLONE_VM | CLONE_SIGHAND | CLONE_FS | CLONE_FILES)
#define FLAGS_KNOWN                                                                                \
	(FLAGS_NEEDED | CSIGNAL | CLONE_SYSVSEM | CLONE_SETTLS | CLONE_PARENT_SETTID |             \
	 CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | CLONE_DETACHED | CLONE_UNTRACED |             \
	 CLONE_PTRACE)

long task_clone(const struct birth_request *request)
{
	struct task *task;
	struct thread *thread;
	process_id id;
	long error;

	if ((request->flags & FLAGS_NEEDED) != FLAGS_NEEDED ||
	    (request->flags & ~(uint64_t)FLAGS_KNOWN))
		return -EINVAL;
	if (birth_tls_is_wrong(request))
		return -EPERM;
	task = task_allocate(current_process());
	if (!task)
		return -EAGAIN;
	id = task->id;
	signal_copy_mask(task, false);
	thread = birth_prepare(task, request);
	if (!thread || !task_attach(task, thread)) {
		/* Memory is out, or the process is about to end, with the caller. */
		error = thread ? -EAGAIN : -ENOMEM;
		birth_cancel(thread);
		task_free(task);
		return error;
	}
	/* From here on it may be gone before the next line. */
	thread_start(thread);
	return id;
}
