/* SPDX-License-Identifier: MIT
 *
 * The landing place. The callee-saved registers are on the core's stack at the
 * record's landing pointer, so that a landing needs no unwinder: the unwinder
 * runs the cleanup handlers in between. Where services are isolated the call
 * changes to the service's stack and rights. No register that comes back is
 * trusted: the way out is found from the thread.
 */
#include <arch/boot_layout.h>
#include <arch/rights.h>

#include "../trap/trap_frame_layout.h"

	.text
	.globl boundary_enter, boundary_return
	.type boundary_enter, @function
	.align 16
/* long boundary_enter(record, function, arguments, stack_top) */
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
	movq %rsi, %rbx
	movq %rdx, %r10
#if ARAMID_ISOLATE_SERVICES
	movq %rcx, %rsp
	movl RECORD_RIGHTS(%rdi), %eax
	movq 16(%r10), %r12
	movq 24(%r10), %r13
	movq (%r10), %rdi
	movq 8(%r10), %rsi
	movq 32(%r10), %r8
	movq 40(%r10), %r9
	set_rights_from_eax
	movq %r12, %rdx
	movq %r13, %rcx
	callq *%rbx
boundary_return:
	movq %rax, %rbx
	xorl %eax, %eax
	set_rights_from_eax
	movq %rbx, %rax
#else
	movq (%r10), %rdi
	movq 8(%r10), %rsi
	movq 16(%r10), %rdx
	movq 24(%r10), %rcx
	movq 32(%r10), %r8
	movq 40(%r10), %r9
	callq *%rbx
boundary_return:
#endif
	cld
	movq %gs:CPU_CURRENT, %rdi
	movq THREAD_BOUNDARY(%rdi), %rdi
	movq RECORD_LANDING(%rdi), %rsp
	leaq 48(%rsp), %rbp
boundary_leave:
	popq %rdi
	movq $0, RECORD_LANDING(%rdi)
	popq %r15
	.cfi_restore r15
	popq %r14
	.cfi_restore r14
	popq %r13
	.cfi_restore r13
	popq %r12
	.cfi_restore r12
	popq %rbx
	.cfi_restore rbx
	popq %rbp
	.cfi_def_cfa rsp, 8
	.cfi_restore rbp
	retq
	.cfi_endproc
	.size boundary_enter, . - boundary_enter

/* void service_call_init(call, init, rights), service_call_init_disk_fs,
 * service_call_init_protocol and service_call_init_driver: what rights are handed over makes no
 * difference here. */
	.globl service_call_init, service_call_init_disk_fs
	.globl service_call_init_driver, service_call_init_protocol
	.type service_call_init, @function
	.type service_call_init_disk_fs, @function
	.type service_call_init_driver, @function
	.type service_call_init_protocol, @function
	.align 16
service_call_init:
service_call_init_disk_fs:
service_call_init_driver:
service_call_init_protocol:
	.cfi_startproc
	movq %rsi, CALL_FUNCTION(%rdi)
	movq %rdx, CALL_ARGUMENTS(%rdi)
	retq
	.cfi_endproc
	.size service_call_init, . - service_call_init
	.size service_call_init_disk_fs, . - service_call_init_disk_fs
	.size service_call_init_driver, . - service_call_init_driver
	.size service_call_init_protocol, . - service_call_init_protocol

/* void boundary_land(record): with the core's rights; the registers come from the boundary's
 * frame. */
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

/* NAME: call C_FUNCTION(arguments of the call, frame), where frame is a struct trap_frame of the
 * caller's registers, with an address within the call, so that a walk starts at the caller. On
 * the core's stack and with its rights, whoever calls. The arguments are at most three. */
.macro with_callers_frame name, c_function, register
	.globl \name
	.type \name, @function
	.align 16
\name:
	.cfi_startproc
	movq (%rsp), %r10
	decq %r10
	leaq 8(%rsp), %r11
	.cfi_def_cfa r11, 0
#if ARAMID_ISOLATE_SERVICES
	movq %rdx, %r9
	xorl %eax, %eax
	set_rights_from_eax
	movq %r9, %rdx
	movq %gs:CPU_CURRENT, %rax
	movq %rsp, %rcx
	subq THREAD_STACK_BASE(%rax), %rcx
	cmpq $THREAD_STACK_SIZE, %rcx
	jb 1f
	movq THREAD_BOUNDARY(%rax), %rax
	testq %rax, %rax
	jz 1f
	movq RECORD_LANDING(%rax), %rcx
	testq %rcx, %rcx
	jz 1f
	movq %rcx, %rsp
1:
#endif
	andq $-16, %rsp
	pushq $KERNEL_DS
	pushq %r11
	pushfq
	pushq $KERNEL_CS
	pushq %r10
	subq $88, %rsp /* what a call may change anyway */
	pushq %rbx
	pushq %rbp
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	.cfi_endproc
	.cfi_startproc
	.cfi_signal_frame
	cfi_trap_frame
	movq %rsp, %\register
	call \c_function
	movq FRAME_RIP(%rsp), %rax
	incq %rax
	movq FRAME_RSP(%rsp), %rsp
	.cfi_endproc
	.cfi_startproc
	.cfi_def_cfa rsp, 0
	.cfi_register rip, rax
	jmpq *%rax
	.cfi_endproc
	.size \name, . - \name
.endm

/* void begin_panic(cause, function, message) */
	with_callers_frame begin_panic, begin_panic_from, rcx
/* void _Unwind_Resume(exception): how a cleanup handler ends (Itanium C++ ABI, 1.6.3.3) */
	with_callers_frame _Unwind_Resume, unwind_resume_from, rsi

/* void unwind_enter_handler(registers, rights): rbx, rbp, r12 to r15, rsp, rip */
	.globl unwind_enter_handler
	.type unwind_enter_handler, @function
	.align 16
unwind_enter_handler:
	.cfi_startproc
	.cfi_undefined rip
	movq (%rdi), %rbx
	movq 8(%rdi), %rbp
	movq 16(%rdi), %r12
	movq 24(%rdi), %r13
	movq 32(%rdi), %r14
	movq 40(%rdi), %r15
	movq 48(%rdi), %rsp
	movq 56(%rdi), %rdi
	movl %esi, %eax
	set_rights_from_eax
	xorl %eax, %eax /* the exception that _Unwind_Resume gets back: none */
	jmpq *%rdi
	.cfi_endproc
	.size unwind_enter_handler, . - unwind_enter_handler

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
