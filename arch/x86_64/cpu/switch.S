/* SPDX-License-Identifier: MIT
 *
 * From one thread's stack to another's. Only callee-saved registers are kept:
 * to the compiler this is a call.
 */
#include <arch/boot_layout.h>

	.text

/* void context_switch(struct thread *from, struct thread *to) */
	.globl context_switch
	.type context_switch, @function
	.align 16
context_switch:
	.cfi_startproc
	pushq %rbp
	.cfi_adjust_cfa_offset 8
	.cfi_offset rbp, -16
	pushq %rbx
	.cfi_adjust_cfa_offset 8
	.cfi_offset rbx, -24
	pushq %r12
	.cfi_adjust_cfa_offset 8
	.cfi_offset r12, -32
	pushq %r13
	.cfi_adjust_cfa_offset 8
	.cfi_offset r13, -40
	pushq %r14
	.cfi_adjust_cfa_offset 8
	.cfi_offset r14, -48
	pushq %r15
	.cfi_adjust_cfa_offset 8
	.cfi_offset r15, -56
	movq %rsp, THREAD_STACK_POINTER(%rdi)
	movq THREAD_STACK_POINTER(%rsi), %rsp
	popq %r15
	.cfi_adjust_cfa_offset -8
	.cfi_restore r15
	popq %r14
	.cfi_adjust_cfa_offset -8
	.cfi_restore r14
	popq %r13
	.cfi_adjust_cfa_offset -8
	.cfi_restore r13
	popq %r12
	.cfi_adjust_cfa_offset -8
	.cfi_restore r12
	popq %rbx
	.cfi_adjust_cfa_offset -8
	.cfi_restore rbx
	popq %rbp
	.cfi_adjust_cfa_offset -8
	.cfi_restore rbp
	ret
	.cfi_endproc
	.size context_switch, . - context_switch

/* Where a new thread starts: its stack holds six zeroed registers and this address. */
	.globl thread_first
	.type thread_first, @function
	.align 16
thread_first:
	.cfi_startproc
	.cfi_undefined rip
	call thread_main
	ud2
	.cfi_endproc
	.size thread_first, . - thread_first

/* void thread_enter_frame(const struct trap_frame *at_top_of_stack): interrupts off. */
	.globl thread_enter_frame
	.type thread_enter_frame, @function
thread_enter_frame:
	.cfi_startproc
	.cfi_undefined rip
	movq %rdi, %rsp
	jmp return_to_user
	.cfi_endproc
	.size thread_enter_frame, . - thread_enter_frame
