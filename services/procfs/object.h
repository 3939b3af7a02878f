/* SPDX-License-Identifier: MIT
 *
 * What an object number of procfs stands for.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#include <services/procfs/procfs.h>

enum procfs_type {
	PROCFS_TYPE_ROOT,
	PROCFS_TYPE_SELF,        /* the link to the caller's directory */
	PROCFS_TYPE_THREAD_SELF, /* and to its task's */
	PROCFS_TYPE_FILE,
	PROCFS_TYPE_PROCESS, /* the directory of a process, or of a task */
	PROCFS_TYPE_PROCESS_FILE,
	PROCFS_TYPE_DESCRIPTOR, /* the link for one of a process's */
};

struct procfs_object {
	enum procfs_type type;
	unsigned int index; /* in the type's table; of a descriptor its number */
	bool is_task;       /* the directory that it is, or lies in, is a task's */
	process_id process; /* or the task */
	uint64_t directory; /* number of that directory */
};

uint64_t procfs_self_number(void);
uint64_t procfs_thread_self_number(void);
uint64_t procfs_file_number(unsigned int index);
uint64_t procfs_process_number(process_id process);
uint64_t procfs_task_number(process_id task);
/* In the directory of a process or a task. */
uint64_t procfs_process_file_number(uint64_t directory, unsigned int index);
uint64_t procfs_descriptor_number(uint64_t directory, unsigned int descriptor);

/* Take a number apart: 0 or -ENOENT. Whether the process lives is another question. */
int __must_check procfs_object_parse(uint64_t number, struct procfs_object *object);

/* What an object's process, or task, is now: 0 or -ENOENT. */
int __must_check procfs_find_process(const struct procfs_object *object,
                                     struct process_info *process);

/* A decimal name without leading zeroes, or -1. */
int32_t procfs_number_named(const char *name);
