/* SPDX-License-Identifier: MIT
 *
 * From the SYSCALL entry to a handler of syscalls.def.
 */
#pragma once

#include <arch/trap_frame.h>

/* Number in frame->error_code, arguments in rdi rsi rdx r10 r8 r9; the result goes to
 * frame->rax. Interrupts are on; may sleep. */
void syscall_dispatch(struct trap_frame *frame);
