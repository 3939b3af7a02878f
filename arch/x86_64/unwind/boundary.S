/* SPDX-License-Identifier: MIT
 *
 * The landing place. The callee-saved registers are on the stack below the
 * record's landing pointer, so that a landing needs no unwinder: the unwinder
 * runs the cleanup handlers in between.
 */
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
