/* SPDX-License-Identifier: MIT
 *
 * Prototypes of what a service may call, from core_calls.def. A service
 * includes this and nothing else of the core's functions.
 */
#pragma once

#include <stdint.h>

#include <aramid/cap.h>
#include <kernel/boundary/core_info.h>

struct block_info;
struct process_info;
struct pty_info;
struct queue_answer;
struct unix_info;

/* gate.c defines it otherwise where the names are stubs (arch/x86_64/unwind/gate.S). */
#ifndef CORE_CALL_NAME
#define CORE_CALL_NAME(name) name
#endif

#define CORE_PARAMETER_(type, name) type name
#define CORE_CALL0(result, name)    result CORE_CALL_NAME(name)(void);
#define CORE_CALL1(result, name, a) result CORE_CALL_NAME(name)(CORE_PARAMETER_ a);
#define CORE_CALL2(result, name, a, b)                                                             \
	result CORE_CALL_NAME(name)(CORE_PARAMETER_ a, CORE_PARAMETER_ b);
#define CORE_CALL3(result, name, a, b, c)                                                          \
	result CORE_CALL_NAME(name)(CORE_PARAMETER_ a, CORE_PARAMETER_ b, CORE_PARAMETER_ c);
#define CORE_CALL4(result, name, a, b, c, d)                                                       \
	result CORE_CALL_NAME(name)(CORE_PARAMETER_ a, CORE_PARAMETER_ b, CORE_PARAMETER_ c,       \
	                            CORE_PARAMETER_ d);
#define CORE_CALL5(result, name, a, b, c, d, e)                                                    \
	result CORE_CALL_NAME(name)(CORE_PARAMETER_ a, CORE_PARAMETER_ b, CORE_PARAMETER_ c,       \
	                            CORE_PARAMETER_ d, CORE_PARAMETER_ e);
#define CORE_PRIVILEGED2(kind, ...) CORE_CALL2(__VA_ARGS__)
#define CORE_PRIVILEGED3(kind, ...) CORE_CALL3(__VA_ARGS__)
#define CORE_PRIVILEGED4(kind, ...) CORE_CALL4(__VA_ARGS__)
#define CORE_PRIVILEGED5(kind, ...) CORE_CALL5(__VA_ARGS__)
#include <kernel/boundary/core_calls.def>
#include <kernel/boundary/core_calls_end.h>
