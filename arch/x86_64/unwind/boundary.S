/* SPDX-License-Identifier: MIT
 *
 * The landing place. The callee-saved registers are on the stack below the
 * record's landing pointer, so that a landing needs no unwinder: the unwinder
 * runs the cleanup handlers in between.
 */
#include <arch/boot_layout.h>

#define RECORD_LANDING 0

	.text
	.globl boundary_enter, boundary_return
	.type boundary_enter, @function
	.align 16
/* long boundary_enter(record, fn, argument, stack_top) */
boundary_enter:
	.cfi_startproc
	pushq %rbp
	.cfi_adjust_cfa_offset 8
	.cfi_offset rbp, -16
	movq %rsp, %rbp
	.cfi_def_cfa_register rbp
	pushq %rbx
	.cfi_offset rbx, -24
	pushq %r12
	.cfi_offset r12, -32
	pushq %r13
	.cfi_offset r13, -40
	pushq %r14
	.cfi_offset r14, -48
	pushq %r15
	.cfi_offset r15, -56
	pushq %rdi /* the record; aligns the call too */
	movq %rsp, RECORD_LANDING(%rdi)
	testq %rcx, %rcx
	cmovneq %rcx, %rsp
	movq %rdx, %rdi
	callq *%rsi
boundary_return:
	leaq -48(%rbp), %rsp
boundary_leave:
	popq %rdi
	movq $0, RECORD_LANDING(%rdi)
	popq %r15
	popq %r14
	popq %r13
	popq %r12
	popq %rbx
	popq %rbp
	.cfi_def_cfa rsp, 8
	.cfi_restore rbp
	.cfi_restore rbx
	.cfi_restore r12
	.cfi_restore r13
	.cfi_restore r14
	.cfi_restore r15
	retq
	.cfi_endproc
	.size boundary_enter, . - boundary_enter

/* void boundary_land(record): the registers come from the boundary's frame. */
	.globl boundary_land
	.type boundary_land, @function
	.align 16
boundary_land:
	.cfi_startproc
	.cfi_undefined rip
	movq RECORD_LANDING(%rdi), %rsp
	leaq 48(%rsp), %rbp
	jmp boundary_leave
	.cfi_endproc
	.size boundary_land, . - boundary_land

/* void begin_panic(cause, function, message): the caller's registers as a struct trap_frame for
 * begin_panic_from, so that the walk starts at the caller. */
	.globl begin_panic
	.type begin_panic, @function
	.align 16
begin_panic:
	.cfi_startproc
	movq (%rsp), %r10
	decq %r10 /* an address within the call */
	leaq 8(%rsp), %r11
	pushq $KERNEL_DS
	.cfi_adjust_cfa_offset 8
	pushq %r11
	.cfi_adjust_cfa_offset 8
	pushfq
	.cfi_adjust_cfa_offset 8
	pushq $KERNEL_CS
	.cfi_adjust_cfa_offset 8
	pushq %r10
	.cfi_adjust_cfa_offset 8
	subq $88, %rsp /* what a call may change anyway */
	.cfi_adjust_cfa_offset 88
	pushq %rbx
	.cfi_adjust_cfa_offset 8
	pushq %rbp
	.cfi_adjust_cfa_offset 8
	pushq %r12
	.cfi_adjust_cfa_offset 8
	pushq %r13
	.cfi_adjust_cfa_offset 8
	pushq %r14
	.cfi_adjust_cfa_offset 8
	pushq %r15
	.cfi_adjust_cfa_offset 8
	movq %rsp, %rcx
	subq $8, %rsp /* aligned for the call */
	.cfi_adjust_cfa_offset 8
	call begin_panic_from
	addq $184, %rsp
	.cfi_adjust_cfa_offset -184
	retq
	.cfi_endproc
	.size begin_panic, . - begin_panic

/* void unwind_on_stack(record, frame, stack_top) */
	.globl unwind_on_stack
	.type unwind_on_stack, @function
unwind_on_stack:
	.cfi_startproc
	.cfi_undefined rip
	movq %rdx, %rsp
	call unwind_here
	ud2
	.cfi_endproc
	.size unwind_on_stack, . - unwind_on_stack
