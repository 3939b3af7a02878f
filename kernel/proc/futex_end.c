/* SPDX-License-Identifier: MIT
 *
 * What a task leaves behind in user memory when it ends: the word that who joins it waits for,
 * and the robust locks that it holds (get_robust_list(2); the list's layout is that of
 * <linux/futex.h>). User memory is not believed: a bad pointer ends the walk.
 */
#include <linux/futex.h>

#include <kernel/lib/errno.h>
#include <kernel/mm/user_copy.h>
#include <kernel/mm/vmspace.h>
#include <kernel/proc/futex.h>
#include <kernel/proc/process.h>

#define PI_LOCK 1UL /* the lowest bit of a link: a lock with priority inheritance */

static bool read_word(uint64_t address, uint64_t *word)
{
	return copy_from_user(word, (const void __user *)address, sizeof(*word)) == 0;
}

static void wake_one_waiter(uint64_t address, bool is_private)
{
	(void)futex_wake(user_word_identity(address, is_private), 1, FUTEX_BITSET_MATCH_ANY);
}

/* A lock that the task holds is marked, and one who waits for it is woken. pending: the task was
 * about to take it or to give it up, so waiters are told in any case. */
static void owner_died(const struct task *task, uint64_t address, bool pending)
{
	uint32_t value;

	if (address % sizeof(value) ||
	    copy_from_user(&value, (const void __user *)address, sizeof(value)))
		return;
	if (pending && value == 0) {
		wake_one_waiter(address, false);
		return;
	}
	while ((value & FUTEX_TID_MASK) == (uint32_t)task->id) {
		uint32_t seen = value;
		int error = user_word_exchange(address, &seen,
		                               (value & FUTEX_WAITERS) | FUTEX_OWNER_DIED);

		if (error == 0) {
			if (value & FUTEX_WAITERS)
				wake_one_waiter(address, false);
			return;
		}
		if (error != -EAGAIN)
			return;
		value = seen;
	}
}

static void walk_robust_list(const struct task *task)
{
	uint64_t head = task->robust_list, entry, offset, pending, next;

	if (!read_word(head, &entry) || !read_word(head + 8, &offset) ||
	    !read_word(head + 16, &pending))
		return;
	for (unsigned int i = 0; i < ROBUST_LIST_LIMIT && (entry & ~PI_LOCK) != head; i++) {
		bool more = read_word(entry & ~PI_LOCK, &next);

		if (entry != pending)
			owner_died(task, (entry & ~PI_LOCK) + offset, false);
		if (!more)
			return;
		entry = next;
	}
	if (pending & ~PI_LOCK)
		owner_died(task, (pending & ~PI_LOCK) + offset, true);
}

void futex_task_ends(struct task *task)
{
	const struct process *process = task->process;
	uint32_t zero = 0;

	if (task->robust_list)
		walk_robust_list(task);
	/* Only who shares the memory could look. */
	if (task->clear_child_tid == 0 ||
	    (process->task_count == 1 && process->vmspace->references == 1))
		return;
	if (copy_to_user((void __user *)task->clear_child_tid, &zero, sizeof(zero)) == 0)
		wake_one_waiter(task->clear_child_tid, false);
}
