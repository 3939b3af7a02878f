/* SPDX-License-Identifier: MIT
 *
 * Signals: what is pending, blocked and handled, and the way to and from a
 * user's handler (signal(7), sigreturn(2)).
 *
 * A process's signals.lock guards the whole state, its tasks' included; it is taken with
 * interrupts off, since a key press or a timer may send. Only a task itself changes its mask.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#include <kernel/lib/list.h>
#include <kernel/sync/spinlock.h>
#include <kernel/sync/wait_queue.h>

struct process;
struct task;
struct trap_frame;

#define SIGNAL_COUNT      64
#define SIGNAL_REAL_TIME  32   /* the first real-time signal */
#define SIGNAL_QUEUED_MAX 1024 /* RLIMIT_SIGPENDING */

/* The bit of a signal number in a mask, as in the user's sigset_t. */
#define SIGNAL_BIT(number) (1UL << ((number) - 1))

/* System calls that a signal ended, before signal_deliver decides between EINTR and a
 * restart; a user never sees them. The names are those of Linux' include/linux/errno.h. */
#define ERESTARTSYS           512 /* restart unless the handler lacks SA_RESTART */
#define ERESTARTNOINTR        513 /* restart always */
#define ERESTARTNOHAND        514 /* restart only when no handler ran */
#define ERESTART_RESTARTBLOCK 516 /* the same, through restart_syscall(2) */

/* As the user passes it to rt_sigaction(2) on x86_64. */
struct signal_action {
	uint64_t handler; /* 0 SIG_DFL, 1 SIG_IGN */
	uint64_t flags;
	uint64_t restorer;
	uint64_t mask;
};

/* What siginfo_t says of one pending signal (sigaction(2)). */
struct signal_origin {
	int32_t code;   /* SI_USER, SI_QUEUE, SI_KERNEL, CLD_EXITED, SEGV_MAPERR … */
	int32_t sender; /* pid */
	uint32_t uid;
	int32_t status;             /* SIGCHLD: exit status or signal */
	uint64_t address;           /* faults: si_addr */
	uint64_t value;             /* SI_QUEUE, SI_TIMER: si_value */
	int32_t overrun;            /* SI_TIMER: si_overrun; the sender is si_timerid */
	struct timer_signal *timer; /* whose it is, or NULL */
};

/* A signal behind the first of its number. */
struct queued_signal {
	struct list link; /* signal_queue.more */
	int number;
	struct signal_origin origin;
};

/* The one signal of a timer that may be pending at a time (timer_create(2)); signals.lock of its
 * process. Further expirations are counted. */
struct timer_signal {
	bool pending;
	uint32_t overrun;            /* expirations since it became pending */
	uint32_t last_overrun;       /* those of the signal that was taken last */
	struct queued_signal queued; /* room for it, since an interrupt cannot ask the heap */
};

/* Signals that wait, of a process or of one task. Of a standard signal the first alone counts;
 * real-time signals queue up behind each other (signal(7)). */
struct signal_queue {
	uint64_t pending;
	struct signal_origin origins[SIGNAL_COUNT]; /* of the pending ones */
	struct list more; /* of struct queued_signal: behind the first of their number, in order */
};

/* What each task has of its own. */
struct task_signals {
	struct signal_queue queue;
	uint64_t blocked;
	uint64_t awaited;    /* rt_sigtimedwait(2): let through, but kept as if blocked */
	uint64_t saved_mask; /* rt_sigsuspend(2) restores it after the handler */
	bool restore_mask;
	uint64_t alternate_stack, alternate_size; /* sigaltstack(2) */
	int32_t alternate_flags;
};

/* What the tasks of a process share. */
struct signal_state {
	struct spinlock lock;
	struct signal_queue queue; /* for whichever task does not block it */
	uint32_t queued;           /* real-time signals that are pending, of all tasks */
	bool stop_taken; /* a stop signal was taken off pending, and nothing has undone it since */
	struct signal_action actions[SIGNAL_COUNT];
};

/* Send as the kernel does (SI_KERNEL), or with an origin. Any context. Without
 * process_table_lock and all that ranks after it; the _held form with that lock. */
void signal_send(struct process *process, int number);
void signal_send_from(struct process *process, int number, const struct signal_origin *origin);
void signal_send_held(struct process *process, int number, const struct signal_origin *origin);
/* With process_table_lock: to one task. */
void signal_send_task_held(struct task *task, int number, const struct signal_origin *origin);

/* With process_table_lock and the process's signals.lock: the task is to look up from its sleep
 * and end (task_heed_process). */
void signal_call_task(struct task *task);

/* With process_table_lock: if the caller may (kill(2)). 0, -EPERM, -EAGAIN, -EINVAL. */
long signal_send_checked_held(struct process *process, int number,
                              const struct signal_origin *origin);

/* To each member of a process group; -ESRCH when it has none. Any context, without
 * process_table_lock. */
int signal_send_group(int32_t group, int number);

/* kill(2): which as there. 0, -ESRCH, -EPERM, -EINVAL. */
long signal_kill(int32_t which, int number);

/* rt_sigqueueinfo(2): to one process, with the caller's origin; -EAGAIN when no more real-time
 * signals can be queued. */
long signal_queue_to(int32_t which, int number, const struct signal_origin *origin);

/* tgkill(2), rt_tgsigqueueinfo(2): to one task; group 0: of whichever process. */
long signal_send_to_task(int32_t group, int32_t which, int number,
                         const struct signal_origin *origin);

/* A fault of the calling task: the default action if the signal is blocked or ignored. */
void signal_force(int number, uint64_t address);

/* Whether an unblocked signal waits for the calling task, or its process wants it to stop or to
 * end: what ends an interruptible sleep. */
bool signal_pending(void);

/* Whether the calling task would not notice this signal (job control: EIO instead). */
bool signal_is_shunned(int number);

/* Change the caller's mask; SIGKILL and SIGSTOP stay unblocked. */
void signal_set_mask(uint64_t blocked);
/* The same while the caller waits for a set, of which nothing is dropped; 0: it does no more. */
void signal_set_mask_to_wait(uint64_t blocked, uint64_t awaited);

/* exec: the caller's handlers become default, ignored ones stay, no alternate stack. */
void signal_reset_handlers(void);

/* With process_table_lock: a timer's signal is no longer pending. */
void signal_withdraw(struct process *process, int number, struct timer_signal *timer);

/* fork: the actions of the calling process are the child's, or those that ignore alone
 * (CLONE_CLEAR_SIGHAND). clone(2): its task's mask and alternate stack are the caller's. */
void signal_copy_actions(struct process *child, bool ignored_alone);
void signal_copy_mask(struct task *child, bool with_stack);

/* Before a return to user mode: run default actions, stop, or set up the frame
 * for a handler; restarts system calls (-ERESTARTSYS and kin never reach users).
 * Does not return when the process ends. May sleep. */
void signal_deliver(struct trap_frame *frame);

/* The user's stack frame of one handler, and the way back (signal_frame.c): 0 or -EFAULT. */
int __must_check signal_frame_push(struct trap_frame *frame, int number,
                                   const struct signal_action *action,
                                   const struct signal_origin *origin, uint64_t mask);
long signal_frame_pop(struct trap_frame *frame);

/* siginfo_t (zeroed before) as the user gets it. */
struct siginfo;
void signal_fill_info(struct siginfo *info, int number, const struct signal_origin *origin);

/* A signal is no longer pending for a process (rt_sigaction(2) with an action that ignores it).
 * With process_table_lock and signals.lock. */
void signal_forget(struct process *process, int number);

/* Who waits, in any process, for a signal to become pending, blocked or not (signalfd(2)). */
extern struct wait_queue signal_arrivals;

/* Take the lowest pending signal of a set, the calling task's before its process's: its number,
 * or 0. */
int signal_take(uint64_t set, struct signal_origin *origin);

/* Of those that wait for the calling task, its own and its process's. */
uint64_t signal_waiting(void);
