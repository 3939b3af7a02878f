/* SPDX-License-Identifier: MIT
 *
 * A process: an address space, open files, credentials, signals, its tasks (task.h), and its place
 * in the family, process group and session (credentials(7)).
 *
 * Locking: the family (parent, children, tasks, state, exit status, group, session, terminal,
 * the table) is guarded by process_table_lock, taken with interrupts off because a
 * key press sends signals; signals by signals.lock; cwd and root by names; files and vmspace
 * guard themselves; credentials.h says what guards those.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#include <aramid/lock.h>
#include <kernel/lib/list.h>
#include <kernel/proc/credentials.h>
#include <kernel/proc/process_info.h>
#include <kernel/proc/resource_limit.h>
#include <kernel/proc/signal.h>
#include <kernel/proc/signal_timer.h>
#include <kernel/proc/task.h>
#include <kernel/proc/thread.h>
#include <kernel/sync/wait_queue.h>
#include <kernel/time/time.h>

struct file_table;
struct terminal;
struct thread;
struct vmspace;
struct vnode;

#define PROCESS_ID_MAX 32768 /* ids are 1 to this, reused as late as possible */

enum process_state { PROCESS_ALIVE, PROCESS_STOPPED, PROCESS_ZOMBIE };

/* A parent that waits in vfork(2): lives on its kernel stack until released. */
struct vfork_wait {
	struct wait_queue queue;
	bool released; /* process_table_lock */
};

#define INTERVAL_TIMERS 3 /* ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF */

struct process {
	process_id id, group, session;
	uint32_t state;  /* enum process_state */
	bool ending;     /* its tasks are to end; exit_status is known */
	int exit_status; /* as wait4(2) reports it */
	int stop_signal; /* of the last stop */
	int exit_signal; /* sent to the parent at the end; 0 for none (clone(2)) */
	bool stop_unreported, continue_unreported; /* waitpid WUNTRACED, WCONTINUED */
	bool has_execed; /* setpgid(2) of a child is refused from then on */
	struct process *parent;
	struct list children, sibling, table_link;
	struct process *hash_next;
	struct wait_queue child_event; /* a child changed state */
	struct wait_queue continued;   /* a stopped process waits here for SIGCONT */
	struct list tasks;             /* of struct task; empty for a zombie */
	uint32_t task_count;           /* of them */
	struct task *survivor;         /* exec: all other tasks are to end */
	struct list pidfds;            /* descriptors for it (pidfd.h); process_table_lock */
	struct wait_queue task_ended;  /* it waits here */
	struct vmspace *vmspace;       /* one reference; the tasks' own */
	struct file_table *files;
	struct spinlock names;    /* of cwd, root and groups */
	struct vnode *cwd, *root; /* one reference each */
	char cwd_path[256];       /* process_note_cwd */
	uint32_t umask;           /* atomic */
	struct credentials credentials;
	struct terminal *terminal;  /* controlling terminal, or NULL */
	process_id lost_foreground; /* of the one that a session leader lost by a hang-up, or 0 */
	struct signal_state signals;
	struct vfork_wait *vfork; /* the parent to release, or NULL; process_table_lock */
	uint64_t give_back_until; /* out_of_memory.c waits for its memory until then; 0: it does not
	                           */
	struct signal_timer interval_timers[INTERVAL_TIMERS]; /* setitimer(2), alarm(2) */
	struct list posix_timers;                             /* process_table_lock */
	int32_t next_posix_timer;
	uint32_t posix_timer_count;
	struct resource_limits limits;
	struct list cpu_timers;            /* those armed (cpu_timer.h); process_table_lock */
	uint64_t start_time;               /* ns of time_now() */
	uint64_t user_ticks, kernel_ticks; /* of the tasks that have ended */
	struct io_counts io;               /* the same */
	uint64_t children_user_ticks, children_kernel_ticks;
	char name[16];      /* comm */
	char *command_line; /* argv joined by NUL, for /proc; core_heap */
	uint32_t command_line_size;
	char executable[256];
};

extern struct spinlock process_table_lock;

/* The caller's process; only in a thread that has one. */
static inline struct process *current_process(void)
{
	return current_thread()->process;
}

/* Pid 1: the first program of root_init_programs that there is. Does not return an error: without
 * an init there is nothing to run, so it panics with the reason. */
void process_start_init(void);

/* fork(2), vfork(2), clone(2) without CLONE_THREAD: the child's id or
 * -EAGAIN, -ENOMEM, -EINVAL, -EPERM. May sleep. */
struct birth_request;
long process_fork(const struct birth_request *request);

/* exec: the calling process runs in this address space from here on (it is loaded on
 * this CPU). The old one is freed, or goes back to a parent in vfork. May sleep. */
void process_set_vmspace(struct vmspace *space);

/* exec: what /proc and ps call the calling process. command_line: argv, each with its NUL,
 * in the core's heap, taken over. */
void process_set_command(const char *name, const char *executable, char *command_line,
                         uint32_t size);

/* What execve(2) changes besides the image: called after a successful exec_program. */
void process_after_exec(void);

/* End the calling process and all its tasks; status as wait4(2) reports it. Pid 1's end is the
 * machine's (machine_power_off with its exit status). */
_Noreturn void process_exit(int status);

/* The calling process's working directory and root: one reference each. NULL before the root is
 * mounted. The change takes the reference over. */
struct vnode *process_hold_cwd(void);
struct vnode *process_hold_root(void);
void process_change_cwd(struct vnode *directory);
/* By which path, for the names of files that are opened by relative ones: as it was given, links
 * and all. "": it is too long to be kept. */
void process_note_cwd(const char *path);
void process_change_root(struct vnode *directory);

/* Status words of wait4(2). */
#define WAIT_STATUS_EXITED(code)     (((code) & 0xff) << 8)
#define WAIT_STATUS_SIGNALED(number) (number)
#define WAIT_STATUS_STOPPED(number)  (((number) << 8) | 0x7f)
#define WAIT_STATUS_CONTINUED        0xffff

/* Which children wait4(2) and waitid(2) wait for. */
enum wait_for { WAIT_FOR_ANY, WAIT_FOR_PROCESS, WAIT_FOR_GROUP };

struct wait_request {
	enum wait_for children;
	process_id id; /* the process's or the group's */
	int options;   /* of waitid(2) */
};

/* The child's id, 0 (WNOHANG), -ECHILD, -ERESTARTSYS. */
struct wait_result {
	int status;       /* as wait4(2) reports it */
	int code, detail; /* as waitid(2) does: CLD_*, exit status or signal */
	uint32_t uid;
	uint64_t user_ticks, kernel_ticks;
};
long process_wait(const struct wait_request *request, struct wait_result *result);

/* setpgid(2), setsid(2), getpgid(2), getsid(2). */
long process_set_group(process_id which, process_id group);
long process_new_session(void);
long process_group_of(process_id which);
long process_session_of(process_id which);

/* Stop the calling process until SIGCONT or SIGKILL. May sleep. */
void process_stop(int number);

/* Whether a process group has nobody outside it, in its session, to continue it
 * (POSIX 3.275). With process_table_lock; ignored is left out, NULL for none. */
bool process_group_is_orphaned(process_id group, const struct process *ignored);

/* With process_table_lock: a living or dead process by id, or NULL; the next one in order
 * of ids after this one (NULL: the first). */
struct process *process_find(process_id id);
struct process *process_next(const struct process *process);

/* With process_table_lock: tell the parent of a change of state (code CLD_*). */
void process_notify_parent(struct process *process, int code, int status);

/* Table entry without a task: NULL when memory or ids are out. process_unlink needs
 * process_table_lock; process_free may sleep. */
struct process *process_allocate(struct process *parent);
void process_unlink(struct process *process);
void process_free(struct process *process);

/* Visit processes in order of their ids: the first with id >= from, or 0 when there is
 * none. Fills a copy, so that nothing is held afterwards (procfs). */
process_id process_next_info(process_id from, struct process_info *info);
/* The same for the tasks of one process, or for the one task with this id (process 0). */
process_id process_task_info(process_id process, process_id from, struct process_info *info);
uint32_t process_count(void);

/* Figures for /proc: the last id given out, forks since boot. */
process_id process_last_id(void);

/* With process_table_lock: an id that names no process, group, session or task; 0: there is
 * none. */
process_id process_next_id(void);
uint64_t process_fork_count(void);

/* What all tasks of the calling process have used, those that have ended too. */
void process_own_ticks(uint64_t *user, uint64_t *kernel);

/* Timer ticks as the 1/100 s that users see (times(2)). */
uint64_t process_user_hz(uint64_t ticks);
