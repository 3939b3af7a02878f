/* SPDX-License-Identifier: MIT
 *
 * A new task's first steps: from the caller's registers to user mode.
 */
#include <linux/sched.h>

#include <kernel/mm/heap.h>
#include <kernel/mm/user_copy.h>
#include <kernel/mm/user_range.h>
#include <kernel/proc/birth.h>
#include <kernel/proc/priority.h>
#include <kernel/proc/process.h>
#include <kernel/proc/thread_memory.h>

/* What the new thread needs; it frees it. */
struct birth {
	struct trap_frame frame;
	uint64_t set_tid; /* user address for CLONE_CHILD_SETTID, or 0 */
};

/* clone(2): a bad address is not an error. */
static void store_id(uint64_t address, process_id id)
{
	int error = copy_to_user((void __user *)address, &id, sizeof(id));

	(void)error;
}

static void enter(void *argument)
{
	struct birth *birth = argument;
	struct trap_frame frame = birth->frame;

	if (birth->set_tid)
		store_id(birth->set_tid, current_task()->id);
	heap_free(&core_heap, birth);
	signal_deliver(&frame);
	thread_enter_user(&frame);
}

bool birth_tls_is_wrong(const struct birth_request *request)
{
	return (request->flags & CLONE_SETTLS) && !user_range_ok(request->tls, 0);
}

struct thread *birth_prepare(struct task *task, const struct birth_request *request)
{
	struct birth *birth = heap_alloc(&core_heap, sizeof(*birth));
	struct thread *thread;

	if (!birth)
		return NULL;
	birth->frame = *request->frame;
	birth->frame.rax = 0;
	if (request->stack)
		birth->frame.rsp = request->stack;
	if (request->flags & CLONE_CHILD_SETTID)
		birth->set_tid = request->child_tid;
	thread = thread_create(task->process->name, enter, birth);
	if (!thread) {
		heap_free(&core_heap, birth);
		return NULL;
	}
	thread->turn = priority_turn(&task->priority);
	thread_copy_fpu(thread);
	if (request->flags & CLONE_SETTLS)
		thread->fs_base = request->tls;
	if (request->flags & CLONE_CHILD_CLEARTID)
		task->clear_child_tid = request->child_tid;
	if (request->flags & CLONE_PARENT_SETTID)
		store_id(request->parent_tid, task->id);
	return thread;
}

void birth_cancel(struct thread *thread)
{
	if (!thread)
		return;
	heap_free(&core_heap, thread->argument);
	thread_free(thread);
}
