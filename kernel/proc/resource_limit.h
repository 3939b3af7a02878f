/* SPDX-License-Identifier: MIT
 *
 * Resource limits of a process (getrlimit(2)): its children inherit them, and programs that it
 * executes keep them. The soft ones are read without a lock; process_table_lock guards changes.
 */
#pragma once

#include <stdint.h>

#include <aramid/check.h>
#include <kernel/proc/cpu_timer.h>
#include <kernel/proc/process_info.h>

#define RESOURCES          16         /* RLIM_NLIMITS */
#define RESOURCE_UNLIMITED UINT64_MAX /* RLIM_INFINITY */

struct process;
struct vnode;

struct resource_limit {
	uint64_t soft, hard;
};

struct resource_limits {
	struct resource_limit of[RESOURCES]; /* by RLIMIT_* */
	struct cpu_timer cpu;                /* RLIMIT_CPU; process->cpu_timers */
};

/* A new process has its parent's, pid 1 the system's. */
void resource_limits_init(struct process *process, const struct process *parent);
void resource_limits_end(struct process *process);

/* The soft limit of the calling process; a kernel thread has none. */
uint64_t resource_limit(int resource);

/* prlimit(2) of a process, 0: the caller's; new may be NULL. *old: as it was. -EINVAL, -EPERM,
 * -ESRCH. */
int __must_check resource_limit_change(process_id which, int resource,
                                       const struct resource_limit *new,
                                       struct resource_limit *old);

/* RLIMIT_FSIZE: the calling process is told that a file would become too large. -EFBIG. */
int resource_file_too_large(void);
/* The same if a file is to grow to a size beyond the limit; else 0. */
int __must_check resource_check_file_size(const struct vnode *vnode, uint64_t size);

/* RLIMIT_NPROC: whether the calling process's user may have one more. With process_table_lock. */
bool resource_allows_process(const struct process *parent);

/* RLIMIT_AS and RLIMIT_DATA: whether the calling process may have so many bytes more; data:
 * private memory that it may write. */
bool resource_allows_memory(uint64_t size, bool data);
