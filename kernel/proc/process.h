/* SPDX-License-Identifier: MIT
 *
 * A process: an address space, open files, credentials, signals, and its place
 * in the family, process group and session (credentials(7)).
 *
 * Locking: the family (parent, children, exit state, group, session, the table)
 * is guarded by process_table_lock; signals by signals.lock; files and vmspace
 * guard themselves. The rest belongs to the process's own thread.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#include <aramid/lock.h>
#include <kernel/lib/list.h>
#include <kernel/proc/process_info.h>
#include <kernel/proc/signal.h>
#include <kernel/proc/thread.h>
#include <kernel/sync/wait_queue.h>

struct file_table;
struct terminal;
struct thread;
struct vmspace;
struct vnode;

enum process_state { PROCESS_ALIVE, PROCESS_STOPPED, PROCESS_ZOMBIE };

struct process {
	process_id id, group, session;
	enum process_state state;
	int exit_status;              /* as wait4(2) reports it */
	bool stop_unreported, continue_unreported; /* waitpid WUNTRACED, WCONTINUED */
	struct process *parent;
	struct list children, sibling, table_link;
	struct wait_queue child_event; /* a child changed state */
	struct thread *thread;
	struct vmspace *vmspace;
	struct file_table *files;
	struct vnode *cwd, *root;     /* one reference each */
	char cwd_path[256];
	uint32_t umask;
	uint32_t uid, euid, suid, gid, egid, sgid;
	struct terminal *terminal;    /* controlling terminal, or NULL */
	struct signal_state signals;
	struct wait_queue *vfork_done; /* woken when the child execs or exits */
	bool vfork_released;
	uint64_t clear_child_tid;     /* user address, 0 for none (set_tid_address(2)) */
	uint64_t start_time;          /* ns of time_now() */
	uint64_t children_user_ticks, children_kernel_ticks;
	char name[16];                /* comm */
	char *command_line;           /* argv joined by NUL, for /proc; heap */
	uint32_t command_line_size;
	char executable[256];
};

extern struct spinlock process_table_lock;

/* The caller's process; only in a thread that has one. */
static inline struct process *current_process(void)
{
	return current_thread()->process;
}

/* Pid 1 from the initramfs' /init. Does not return an error: without an init
 * there is nothing to run, so it panics with the reason. */
void process_start_init(void);

/* fork(2), vfork(2), clone(2) without CLONE_VM|CLONE_THREAD: the child's id or
 * -EAGAIN, -ENOMEM, -EINVAL. frame: the parent's user registers. */
long process_fork(const struct trap_frame *frame, uint64_t flags, uint64_t stack,
		  uint64_t parent_tid, uint64_t child_tid, uint64_t tls);

/* End the calling process; status as wait4(2) reports it. Pid 1's end is the
 * machine's (machine_power_off with its exit status). */
_Noreturn void process_exit(int status);

/* wait4(2). */
long process_wait(process_id which, int *status, int options, struct process **reaped);

/* Visit processes in order of their ids: the first with id >= from, or 0 when there is
 * none. Fills a copy, so that nothing is held afterwards (procfs). */
process_id process_next_info(process_id from, struct process_info *info);
uint32_t process_count(void);
