/* SPDX-License-Identifier: MIT
 *
 * What every entry into the kernel leaves on the stack, lowest address first.
 * entry.S builds it and describes each register of it to the unwinder; the
 * offsets there are checked against this struct (trap/trap_frame_layout.h).
 * Source: Intel SDM vol. 3A, 6.14 (64-bit interrupt stack frame).
 */
#pragma once

#include <stdint.h>

struct trap_frame {
	uint64_t r15, r14, r13, r12, rbp, rbx;
	uint64_t r11, r10, r9, r8, rax, rcx, rdx, rsi, rdi;
	uint32_t vector; /* trap number; 256 for a system call */
	uint32_t rights; /* of an interrupted service (protection_key.h); 0: the core's */
	uint64_t
	        error_code; /* hardware error code, 0 where there is none; system calls: orig_rax */
	uint64_t rip, cs, rflags, rsp, ss;
};

#define TRAP_VECTOR_SYSCALL 256
#define VECTOR_PAGE_FAULT   14

static inline int trap_from_user(const struct trap_frame *frame)
{
	return (frame->cs & 3) == 3;
}
