/* SPDX-License-Identifier: MIT
 *
 * Signals: what is pending, blocked and handled, and the way to and from a
 * user's handler (signal(7), sigreturn(2)).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#include <kernel/sync/spinlock.h>

struct process;
struct trap_frame;

#define SIGNAL_COUNT 64

/* As the user passes it to rt_sigaction(2) on x86_64. */
struct signal_action {
	uint64_t handler; /* 0 SIG_DFL, 1 SIG_IGN */
	uint64_t flags;
	uint64_t restorer;
	uint64_t mask;
};

struct signal_state {
	struct spinlock lock;
	uint64_t pending, blocked;
	uint64_t saved_mask; /* rt_sigsuspend(2) restores it after the handler */
	bool restore_mask;
	struct signal_action actions[SIGNAL_COUNT];
	uint64_t alternate_stack, alternate_size; /* sigaltstack(2) */
	int32_t alternate_flags;
	int32_t sender; /* pid of the last sender, for siginfo */
	uint64_t fault_address; /* si_addr of SIGSEGV, SIGBUS */
};

/* Send to one process. Any context but under a lock ranked signals or later. */
void signal_send(struct process *process, int number);
/* To each member of a process group; -ESRCH when it has none. */
int signal_send_group(int32_t group, int number);
/* A fault of the calling process: the default action if the signal is blocked or ignored. */
void signal_force(int number, uint64_t address);

/* Whether an unblocked signal waits for the calling process: what ends an
 * interruptible sleep. */
bool signal_pending(void);

/* Before a return to user mode: run default actions, stop, or set up the frame
 * for a handler; restarts system calls (-ERESTARTSYS and kin never reach users). */
void signal_deliver(struct trap_frame *frame);
