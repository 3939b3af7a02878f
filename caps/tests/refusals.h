/* SPDX-License-Identifier: MIT
 *
 * Looks at a refusal without ending the test: the hook notes it and leaves by longjmp.
 */
#pragma once

#include <aramid/cap_host.h>
#include <setjmp.h>

static jmp_buf refusal_landing;
static enum cap_kind refused_kind;
static enum cap_refusal refused_why;
static cap_owner_t refused_presenter;

static void note_refusal(enum cap_kind kind, enum cap_refusal why, cap_owner_t presenter)
{
	refused_kind = kind;
	refused_why = why;
	refused_presenter = presenter;
	longjmp(refusal_landing, 1);
}

/* The reason for which the statement was refused, CAP_ACCEPTED if it was not. */
#define REFUSAL_OF(statement)                                                                      \
	(cap_set_refused_hook(note_refusal), refused_why = CAP_ACCEPTED,                           \
	 setjmp(refusal_landing) == 0 ? ((void)(statement), (enum cap_refusal)CAP_ACCEPTED)        \
	                              : refused_why)
