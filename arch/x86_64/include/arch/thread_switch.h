/* SPDX-License-Identifier: MIT
 *
 * What the scheduler needs of the processor.
 */
#pragma once

#include <kernel/proc/thread.h>

/* Build the first frame of a new thread, whose stack is mapped. */
void thread_prepare(struct thread *thread);

/* Run `to` on this CPU; returns when `from` runs again. Interrupts off, the run queue's
 * lock held. */
void thread_switch(struct thread *from, struct thread *to);

/* Registers to the thread's area and back. Preemption off. */
void fpu_save(struct thread *thread);
void fpu_restore(struct thread *thread);

/* ---- switch.S ---- */
void context_switch(struct thread *from, struct thread *to);
void thread_first(void);
_Noreturn void thread_enter_frame(const struct trap_frame *frame);

/* Called by thread_first: finishes the switch and runs the thread (proc/sched.c). */
_Noreturn void thread_main(void);
