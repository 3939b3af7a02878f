/* SPDX-License-Identifier: MIT
 *
 * What process_fork and task_clone share: a new task's way to user mode.
 */
#pragma once

#include <stdint.h>

#include <aramid/check.h>
#include <arch/trap_frame.h>
#include <kernel/proc/task.h>

/* What clone(2) was asked for. Addresses are the user's. */
struct birth_request {
	const struct trap_frame *frame; /* the caller's registers */
	uint64_t flags, stack, parent_tid, child_tid, tls, pidfd;
};

/* A thread for the new task, which will return 0 from clone(2), not started; NULL without memory.
 * What the task's end and parent are to be told is noted in it and stored. birth_cancel undoes
 * it. */
struct thread *__must_check birth_prepare(struct task *task, const struct birth_request *request);
void birth_cancel(struct thread *thread);

/* clone(2): where the TLS pointer cannot lie. */
bool birth_tls_is_wrong(const struct birth_request *request);
