/* SPDX-License-Identifier: MIT
 *
 * Walking the stack. With containment the walk is libunwind's (Debian's LLVM
 * archive), which needs the FPU registers and a valid block under FS: the user's
 * are put away first. Without, a heuristic scan names what looks like return
 * addresses.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/trap_frame.h>
#include <aramid/profile.h>

/* Return addresses, innermost first, from a trap's registers, or of the caller (NULL): the
 * number found. Any context; never faults twice (a fault ends the walk). */
unsigned int unwind_trace(const struct trap_frame *frame, uint64_t *trace, unsigned int max);

/* The function that an address lies in, and how far in; "?" outside the image. */
const char *symbol_name(uint64_t address, uint64_t *offset);

#if ARAMID_CONTAIN_PANICS

struct boundary_record;

/* Unwind the calling thread from the frame that these registers belong to, to a boundary: each
 * frame's cleanup handlers run, then execution goes on behind boundary_enter. Fills record->trace
 * on the way. */
_Noreturn void unwind_to(struct boundary_record *record, const struct trap_frame *frame);

/* Before unwinding from a call through a wild pointer: the caller's frame instead of the
 * wild one. */
void unwind_repair_wild_jump(struct trap_frame *frame);

/* User FPU state and FS base put away before the unwinder runs, and brought back after the
 * landing. Preemption is off in between. */
void unwind_begin(void);
void unwind_end(void);

#endif
