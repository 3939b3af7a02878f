/* SPDX-License-Identifier: MIT
 *
 * The way from an isolated service into the core: each row of core_calls.def is a stub that
 * changes to the core's rights and to the thread's core stack, below the boundary's frame, calls
 * the row's gate in C (gate.c), and changes back. Arguments and result are in registers.
 */
#include <arch/boot_layout.h>
#include <arch/rights.h>

#if ARAMID_ISOLATE_SERVICES

	.text
	.type enter_core, @function
	.align 16
/* rax: the gate. */
enter_core:
	.cfi_startproc
	pushq %rbp
	.cfi_adjust_cfa_offset 8
	.cfi_offset rbp, -16
	movq %rsp, %rbp
	.cfi_def_cfa_register rbp
	pushq %rcx
	movq %rax, %r10
	movq %rdx, %r11
	xorl %eax, %eax
	set_rights_from_eax
	movq %r11, %rdx
	popq %rcx
	movq %gs:CPU_CURRENT, %rax
	movq THREAD_BOUNDARY(%rax), %rax
	movq RECORD_LANDING(%rax), %rsp
	callq *%r10
	movq %rax, %r10
	movq %rdx, %r11
	movq %gs:CPU_CURRENT, %rax
	movq THREAD_BOUNDARY(%rax), %rax
	movl RECORD_RIGHTS(%rax), %eax
	set_rights_from_eax
	movq %r10, %rax
	movq %r11, %rdx
	movq %rbp, %rsp
	popq %rbp
	.cfi_def_cfa rsp, 8
	.cfi_restore rbp
	retq
	.cfi_endproc
	.size enter_core, . - enter_core

.macro gate name
	.globl \name
	.type \name, @function
	.align 16
\name:
	.cfi_startproc
	movq $gate_\name, %rax
	jmp enter_core
	.cfi_endproc
	.size \name, . - \name
.endm

#define CORE_CALL0(result, name)             gate name
#define CORE_CALL1(result, name, ...)        gate name
#define CORE_CALL2(result, name, ...)        gate name
#define CORE_CALL3(result, name, ...)        gate name
#define CORE_CALL4(result, name, ...)        gate name
#define CORE_PRIVILEGED2(kind, result, name, ...) gate name
#define CORE_PRIVILEGED3(kind, result, name, ...) gate name
#define CORE_PRIVILEGED4(kind, result, name, ...) gate name
#define CORE_PRIVILEGED5(kind, result, name, ...) gate name
#include <kernel/boundary/core_calls.def>

#endif
