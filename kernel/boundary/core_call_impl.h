/* SPDX-License-Identifier: MIT
 *
 * For those who implement rows of core_calls.def: the prototypes core_do_NAME, and the
 * way to make the calling service fall for what it passed in.
 */
#pragma once

#include <stdint.h>

#include <aramid/cap.h>
#include <kernel/boundary/boundary.h>
#include <kernel/boundary/core_info.h>
#include <kernel/proc/process_info.h>

struct block_info;
struct pty_info;
struct queue_answer;
struct unix_info;

#define CORE_DO_(type, name)              type name
#define CORE_CALL0(result, name)          result core_do_##name(void);
#define CORE_CALL1(result, name, a)       result core_do_##name(CORE_DO_ a);
#define CORE_CALL2(result, name, a, b)    result core_do_##name(CORE_DO_ a, CORE_DO_ b);
#define CORE_CALL3(result, name, a, b, c) result core_do_##name(CORE_DO_ a, CORE_DO_ b, CORE_DO_ c);
#define CORE_CALL4(result, name, a, b, c, d)                                                       \
	result core_do_##name(CORE_DO_ a, CORE_DO_ b, CORE_DO_ c, CORE_DO_ d);
/* Reached through a gate that has validated the token. */
#define CORE_PRIVILEGED2(kind, result, name, a, b)                                                 \
	result core_do_##name(CORE_DO_ a, CORE_DO_ b) NEEDS_RIGHT(kind);
#define CORE_PRIVILEGED3(kind, result, name, a, b, c)                                              \
	result core_do_##name(CORE_DO_ a, CORE_DO_ b, CORE_DO_ c) NEEDS_RIGHT(kind);
#define CORE_PRIVILEGED5(kind, result, name, a, b, c, d, e)                                        \
	result core_do_##name(CORE_DO_ a, CORE_DO_ b, CORE_DO_ c, CORE_DO_ d, CORE_DO_ e)          \
	        NEEDS_RIGHT(kind);
#define CORE_PRIVILEGED4(kind, result, name, a, b, c, d)                                           \
	result core_do_##name(CORE_DO_ a, CORE_DO_ b, CORE_DO_ c, CORE_DO_ d) NEEDS_RIGHT(kind);
#include <kernel/boundary/core_calls.def>
#include <kernel/boundary/core_calls_end.h>

/* The calling service falls. The core function holds nothing when it calls this. */
_Noreturn void panic_caller(enum cause cause, const char *message);
