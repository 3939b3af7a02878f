/* SPDX-License-Identifier: MIT
 *
 * Selectors and low addresses that assembly and C share.
 */
#pragma once

#define BOOT_CS64 0x08

/* The GDT of gdt.c, in SYSCALL/SYSRET's order (Intel SDM vol. 3A, 5.8.8). */
#define KERNEL_CS    0x08
#define KERNEL_DS    0x10
#define USER_DS      0x1b
#define USER_CS      0x23
#define TSS_SELECTOR 0x28

/* The page that application processors start in (real mode, below 1 MiB). */
#define TRAMPOLINE_BASE 0x8000

/* IST slots of the TSS. */
#define IST_TRAP         1 /* every trap and interrupt first lands here */
#define IST_DOUBLE_FAULT 2
#define IST_NMI          3

/* Offsets into struct cpu (cpu.h), asserted in cpu.c. */
#define CPU_CURRENT      0x08
#define CPU_KERNEL_STACK 0x10
#define CPU_USER_STACK   0x18

/* Offsets into struct thread (thread.h), asserted in cpu.c. */
#define THREAD_STACK_POINTER 0
#define THREAD_STACK_BASE    8
#define THREAD_BOUNDARY      16

#define THREAD_STACK_SIZE 16384

/* Offsets into struct boundary_record (record.h), asserted in call.c. */
#define RECORD_LANDING 0
#define RECORD_RIGHTS  8

/* Offsets into struct service_call (service_call.h), asserted in call.c. */
#define CALL_FUNCTION  8
#define CALL_ARGUMENTS 24
/* clang-format off */
#ifdef __ASSEMBLER__
/* Before any C runs: its stack canary and current_thread() are reached through GS.
 * Clobbers rax, rcx, rdx. */
.macro set_gs_base_to_rax
	movq %rax, %rdx
	shrq $32, %rdx
	movl $0xc0000101, %ecx /* MSR_GS_BASE */
	wrmsr
.endm
#endif
/* clang-format on */

#define CPU_EMERGENCY_TOP    0x30
#define CPU_TRAP_TOP         0x38
#define EMERGENCY_STACK_SIZE 16384
