/* SPDX-License-Identifier: MIT
 *
 * Every way into the kernel. All gates use IST_TRAP: the CPU pushes its frame on
 * a small per-CPU stack, whatever the interrupted stack is worth. From there the
 * frame moves at once: from user mode to the top of the thread's stack; from
 * the kernel below the interrupted frame, or, when that stack has no room left
 * (it ran into its guard page), to the CPU's emergency stack. From an isolated
 * service, with the core's rights, to the core's stack below the boundary.
 * Interrupts stay off until C has decided.
 *
 * Each instruction is described to the unwinder: a trap from the kernel is a
 * signal frame with every register in it; one from user mode ends the stack.
 */
#include <arch/boot_layout.h>
#include <arch/rights.h>

#include "trap_frame_layout.h"

/* Room that a handler needs below the interrupted frame, bytes. */
#define STACK_ROOM 3072

/* On the stack on which traps arrive, from the saved rdi: struct trap_frame's rights. */
#define SAVED_RIGHTS 12

/* From (rdi) = saved rdi, vector, error, rip, cs, rflags, rsp, ss on the entry
 * stack to a whole struct trap_frame at the new rsp. */
.macro move_frame
	pushq 56(%rdi) /* ss */
	pushq 48(%rdi) /* rsp */
	pushq 40(%rdi) /* rflags */
	pushq 32(%rdi) /* cs */
	pushq 24(%rdi) /* rip */
	pushq 16(%rdi) /* error code */
	pushq 8(%rdi)  /* vector */
	pushq (%rdi)   /* rdi */
	pushq %rsi
	pushq %rdx
	pushq %rcx
	pushq %rax
	pushq %r8
	pushq %r9
	pushq %r10
	pushq %r11
	pushq %rbx
	pushq %rbp
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
.endm

.macro pop_most_registers
	pop_register r15
	pop_register r14
	pop_register r13
	pop_register r12
	pop_register rbp
	pop_register rbx
	pop_register r11
	pop_register r10
	pop_register r9
	pop_register r8
.endm

.macro pop_registers
	pop_most_registers
	pop_register rax
	pop_register rcx
	pop_register rdx
	pop_register rsi
	pop_register rdi
.endm

	.text

	.globl trap_stubs
	.align 16
trap_stubs: /* 256 stubs of 16 bytes */
vector = 0
	.rept 256
	.align 16
	.cfi_startproc
	.cfi_signal_frame
	.cfi_def_cfa rsp, 40
	.cfi_offset rip, -40
	.cfi_offset rsp, -16
	.if vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21 || vector == 29 || vector == 30
	.cfi_adjust_cfa_offset 8
	.else
	pushq $0
	.cfi_adjust_cfa_offset 8
	.endif
	pushq $vector
	.cfi_adjust_cfa_offset 8
	jmp trap_entry
	.cfi_endproc
	vector = vector + 1
	.endr

	.align 16
	.type trap_entry, @function
trap_entry:
	.cfi_startproc
	.cfi_signal_frame
	.cfi_def_cfa rsp, 56
	.cfi_offset rip, -40
	.cfi_offset rsp, -16
	cld
	clac
	pushq %rdi
	.cfi_adjust_cfa_offset 8
	.cfi_offset rdi, -64
	movq %rsp, %rdi
	.cfi_def_cfa_register rdi
	testb $3, 32(%rdi)
	jz 1f
	.cfi_remember_state
	.cfi_undefined rip
	swapgs
	movq %gs:CPU_KERNEL_STACK, %rsp
	move_frame
	movq %rsp, %rdi
	.cfi_def_cfa rsp, FRAME_SIZE
	.cfi_undefined rip
	xorl %ebp, %ebp
	call trap_from_user_mode
	jmp return_to_user
	.cfi_restore_state

1:	/* From the kernel. */
	pushq %rax
	.cfi_offset rax, -72
	pushq %rcx
	.cfi_offset rcx, -80
#if ARAMID_ISOLATE_SERVICES
	cmpb $0, protection_keys_on(%rip)
	je 5f
	pushq %rdx
	.cfi_offset rdx, -88
	movl $MSR_PKRS, %ecx
	rdmsr
	testl %eax, %eax
	jz 6f
	movl %eax, SAVED_RIGHTS(%rdi)
	xorl %eax, %eax
	wrmsr
6:	popq %rdx
	.cfi_restore rdx
	cmpl $0, SAVED_RIGHTS(%rdi)
	jne 7f
5:
#endif
	/* Is there room on the interrupted stack? */
	movq 48(%rdi), %rax
	movq %gs:CPU_CURRENT, %rcx
	movq THREAD_STACK_BASE(%rcx), %rcx
	addq $STACK_ROOM, %rcx
	cmpq %rcx, %rax
	jb 2f
	addq $(THREAD_STACK_SIZE - STACK_ROOM), %rcx
	cmpq %rcx, %rax
	jbe 3f
2:	/* Not within it: on this CPU's emergency stack already, or to its top. */
	movq %gs:0, %rcx
	movq CPU_EMERGENCY_TOP(%rcx), %rcx
	subq $(EMERGENCY_STACK_SIZE - STACK_ROOM), %rcx
	cmpq %rcx, %rax
	jb 4f
	addq $(EMERGENCY_STACK_SIZE - STACK_ROOM), %rcx
	cmpq %rcx, %rax
	jbe 3f
4:
#if ARAMID_ISOLATE_SERVICES
	/* A service's stack, or a wild one: to the core's stack, below the boundary's frame. Not
	 * so when it is the core's stack that has no room left (or its guard page was hit). */
	movq %gs:CPU_CURRENT, %rcx
	movq 48(%rdi), %rax
	subq THREAD_STACK_BASE(%rcx), %rax
	addq $4096, %rax
	cmpq $(4096 + STACK_ROOM), %rax
	jb 8f
7:	movq %gs:CPU_CURRENT, %rcx
	movq THREAD_BOUNDARY(%rcx), %rcx
	testq %rcx, %rcx
	jz 8f
	movq RECORD_LANDING(%rcx), %rax
	testq %rax, %rax
	jnz 3f
8:
#endif
	movq %gs:0, %rcx
	movq CPU_EMERGENCY_TOP(%rcx), %rax
3:	leaq -128(%rax), %rax /* the prebuilt unwinder has a red zone */
	andq $-16, %rax
	movq %rsp, %rcx
	movq %rax, %rsp
	movq 8(%rcx), %rax
	movq (%rcx), %rcx
	move_frame
	movq %rsp, %rdi
	cfi_trap_frame
	call trap_from_kernel_mode
	.globl trap_kernel_resume
trap_kernel_resume:
#if ARAMID_ISOLATE_SERVICES
	cmpl $0, FRAME_RIGHTS(%rsp)
	jne resume_service
#endif
	.cfi_remember_state
	pop_registers
	addq $16, %rsp
	.cfi_adjust_cfa_offset -16
	iretq
	.cfi_restore_state

#if ARAMID_ISOLATE_SERVICES
/* The last steps are taken with the service's rights, so they must not need the core's stack:
 * what is left to restore goes to the stack on which traps arrive. */
resume_service:
	/* Clang's assembler adjusts from the offset before .cfi_restore_state. */
	.cfi_def_cfa_offset FRAME_SIZE
	movq %gs:CPU_TRAP_TOP, %rdi
	movq FRAME_SS(%rsp), %rax
	movq %rax, -8(%rdi)
	movq FRAME_RSP(%rsp), %rax
	movq %rax, -16(%rdi)
	movq FRAME_RFLAGS(%rsp), %rax
	movq %rax, -24(%rdi)
	movq FRAME_CS(%rsp), %rax
	movq %rax, -32(%rdi)
	movq FRAME_RIP(%rsp), %rax
	movq %rax, -40(%rdi)
	movq FRAME_RAX(%rsp), %rax
	movq %rax, -48(%rdi)
	movq FRAME_RDX(%rsp), %rax
	movq %rax, -56(%rdi)
	movq FRAME_RCX(%rsp), %rax
	movq %rax, -64(%rdi)
	movq FRAME_RDI(%rsp), %rax
	movq %rax, -72(%rdi)
	movq FRAME_RSI(%rsp), %rsi
	.cfi_restore rsi
	movl FRAME_RIGHTS(%rsp), %eax
	pop_most_registers
	leaq -72(%rdi), %rsp
	.cfi_def_cfa rsp, 72
	.cfi_offset rax, -48
	.cfi_offset rdx, -56
	.cfi_offset rcx, -64
	.cfi_offset rdi, -72
	set_rights_from_eax
	pop_register rdi
	pop_register rcx
	pop_register rdx
	pop_register rax
	iretq
#endif
	.cfi_endproc
	.size trap_entry, . - trap_entry

/* rsp = struct trap_frame with interrupts off: back to user mode. */
	.globl return_to_user
	.type return_to_user, @function
return_to_user:
	.cfi_startproc
	.cfi_def_cfa rsp, FRAME_SIZE
	.cfi_undefined rip
	pop_registers
	addq $16, %rsp
	swapgs
	iretq
	.cfi_endproc
	.size return_to_user, . - return_to_user

/* SYSCALL (Intel SDM vol. 2B): rcx = rip, r11 = rflags, interrupts off by FMASK. */
	.globl syscall_entry
	.type syscall_entry, @function
	.align 16
syscall_entry:
	.cfi_startproc
	.cfi_undefined rip
	.cfi_undefined rsp
	swapgs
	movq %rsp, %gs:CPU_USER_STACK
	movq %gs:CPU_KERNEL_STACK, %rsp
	pushq $USER_DS
	pushq %gs:CPU_USER_STACK
	pushq %r11
	pushq $USER_CS
	pushq %rcx
	pushq %rax /* orig_rax */
	pushq $256
	pushq %rdi
	pushq %rsi
	pushq %rdx
	pushq %rcx
	pushq $-38 /* rax: -ENOSYS until the handler says otherwise */
	pushq %r8
	pushq %r9
	pushq %r10
	pushq %r11
	pushq %rbx
	pushq %rbp
	pushq %r12
	pushq %r13
	pushq %r14
	pushq %r15
	movq %rsp, %rdi
	xorl %ebp, %ebp
	call syscall_from_user
	/* al: whether SYSRET may be used (registers as SYSCALL left them). */
	testb %al, %al
	jz return_to_user
	.cfi_def_cfa rsp, FRAME_SIZE
	pop_registers
	movq 40(%rsp), %rsp
	swapgs
	sysretq
	.cfi_endproc
	.size syscall_entry, . - syscall_entry

/* #DF and NMI have stacks of their own and never return. */
	.globl double_fault_entry
	.type double_fault_entry, @function
double_fault_entry:
	.cfi_startproc
	.cfi_signal_frame
	.cfi_def_cfa rsp, 48
	.cfi_offset rip, -40
	.cfi_offset rsp, -16
	pushq $8
	.cfi_adjust_cfa_offset 8
	pushq %rdi
	.cfi_adjust_cfa_offset 8
	.cfi_offset rdi, -64
	movq %rsp, %rdi
	.cfi_def_cfa rdi, 64
	andq $-16, %rsp
	move_frame
	cfi_trap_frame
	xorl %eax, %eax
	set_rights_from_eax
	movq %rsp, %rdi
	call trap_double_fault
	ud2
	.cfi_endproc
	.size double_fault_entry, . - double_fault_entry
