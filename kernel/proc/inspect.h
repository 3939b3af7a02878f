/* SPDX-License-Identifier: MIT
 *
 * What the calling process may see of another one: of its own user in every way that does not hide
 * (prctl(2), PR_SET_DUMPABLE), or of any with CAP_SYS_PTRACE (ptrace(2), PTRACE_MODE_READ_FSCREDS;
 * proc(5)). Processes are named by their id or that of one of their tasks. What is held is the
 * caller's to put. -ENOENT when there is no such process or it has ended, -EACCES.
 */
#pragma once

#include <stdbool.h>

#include <aramid/check.h>
#include <kernel/proc/process_info.h>

struct file;
struct process;
struct vmspace;
struct vnode;

/* With process_table_lock. */
bool process_may_inspect(const struct process *target);

int __must_check inspect_place(process_id id, enum process_place place, struct vnode **vnode);
/* The lowest open descriptor from a number on, which is the answer, and its file. */
int __must_check inspect_descriptor(process_id id, int from, struct file **file);
int __must_check inspect_memory(process_id id, struct vmspace **space);
