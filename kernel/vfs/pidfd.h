/* SPDX-License-Identifier: MIT
 *
 * Descriptors that stand for a process, whatever becomes of its id (pidfd_open(2)).
 */
#pragma once

#include <stdint.h>

#include <aramid/check.h>
#include <kernel/proc/process_info.h>

struct file;
struct process;

/* For a process by its id, a zombie's too. flags: O_NONBLOCK. 0, -EINVAL for a task that is no
 * process's first, -ESRCH, -ENOMEM. */
int __must_check pidfd_create(process_id id, uint32_t flags, struct file **file);

/* With process_table_lock: the process of such a file, NULL once it was waited for. Whether it is
 * one at all: -EBADF. */
int __must_check pidfd_process(const struct file *file, struct process **process);

/* With process_table_lock: the process is a zombie, it is no more. */
void pidfds_ended(struct process *process);
void pidfds_gone(struct process *process);
