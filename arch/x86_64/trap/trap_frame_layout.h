/* SPDX-License-Identifier: MIT
 *
 * struct trap_frame for assembly: its size and offsets (asserted in trap.c), and what the unwinder
 * must be told of one that lies at rsp.
 */
#pragma once

#define FRAME_WORDS  22
#define FRAME_SIZE   (FRAME_WORDS * 8)
#define FRAME_RAX    (10 * 8)
#define FRAME_RCX    (11 * 8)
#define FRAME_RDX    (12 * 8)
#define FRAME_RSI    (13 * 8)
#define FRAME_RDI    (14 * 8)
#define FRAME_RIGHTS (15 * 8 + 4)
#define FRAME_RIP    (17 * 8)
#define FRAME_CS     (18 * 8)
#define FRAME_RFLAGS (19 * 8)
#define FRAME_RSP    (20 * 8)
#define FRAME_SS     (21 * 8)

#ifdef __ASSEMBLER__
/* clang-format off */
/* The procedure is one of .cfi_signal_frame, the struct is at rsp. */
.macro cfi_trap_frame
	.cfi_def_cfa rsp, FRAME_SIZE
	.cfi_offset r15, -176
	.cfi_offset r14, -168
	.cfi_offset r13, -160
	.cfi_offset r12, -152
	.cfi_offset rbp, -144
	.cfi_offset rbx, -136
	.cfi_offset r11, -128
	.cfi_offset r10, -120
	.cfi_offset r9, -112
	.cfi_offset r8, -104
	.cfi_offset rax, -96
	.cfi_offset rcx, -88
	.cfi_offset rdx, -80
	.cfi_offset rsi, -72
	.cfi_offset rdi, -64
	.cfi_offset rip, -40
	.cfi_offset rsp, -16
.endm

/* A register off the stack, back in its place. */
.macro pop_register register
	popq %\register
	.cfi_adjust_cfa_offset -8
	.cfi_restore \register
.endm
/* clang-format on */
#endif
