/* SPDX-License-Identifier: MIT
 *
 * One step of the unwinder, remembered. libunwind finds the row of its tables that
 * describes an instruction's frame (DWARF 5, 6.4.1) and restores registers by it;
 * what it did is kept by the instruction's address, so that the next walk does the same
 * without looking anything up. Any CPU, several at a time; preemption is off.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The archive was built for this processor alone: its contexts and cursors are of that size. */
#define _LIBUNWIND_IS_NATIVE_ONLY
#include <libunwind.h>

/* Words of a context (libunwind's own unw_getcontext fills it so). */
enum {
	CONTEXT_RBX = 1,
	CONTEXT_RBP = 6,
	CONTEXT_RSP = 7,
	CONTEXT_R12 = 12,
	CONTEXT_R13,
	CONTEXT_R14,
	CONTEXT_R15,
	CONTEXT_RIP,
	CONTEXT_REGISTERS,
};

/* A function that has not returned yet. */
struct unwind_frame {
	unw_context_t context;
	bool exact; /* its address is an instruction's that failed, not the one behind a call */
};

/* Registers that a plain step restores. */
#define UNWIND_RESTORED 7

struct unwind_row {
	uint64_t instruction;           /* whose row it is */
	uint64_t pad;                   /* where its cleanup handler begins, or 0 */
	bool plain;                     /* the rest says all that a step does */
	uint8_t base;                   /* CONTEXT_*: the frame's address is this register … */
	int32_t offset;                 /* … and so much */
	int16_t saved[UNWIND_RESTORED]; /* where, from the frame's address; 0: still there */
};

/* The frame's row: a remembered one, or *fresh, which libunwind is asked for. */
const struct unwind_row *unwind_row(const struct unwind_frame *frame, struct unwind_row *fresh);

/* To the caller's frame: false when there is none. What is no plain row is libunwind's to step. */
bool unwind_step(struct unwind_frame *frame, const struct unwind_row *row);
