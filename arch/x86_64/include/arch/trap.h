/* SPDX-License-Identifier: MIT
 *
 * What entry.S calls. Interrupts are off on entry and on return.
 */
#pragma once

#include <stdbool.h>

#include <arch/trap_frame.h>

void trap_from_user_mode(struct trap_frame *frame);
void trap_from_kernel_mode(struct trap_frame *frame);
_Noreturn void trap_double_fault(struct trap_frame *frame);

/* Whether SYSRET may return to the user. */
bool syscall_from_user(struct trap_frame *frame);
