/* SPDX-License-Identifier: MIT
 *
 * One call into a service, as the boundary makes it: which function, and its arguments in their
 * order. Where services are isolated each argument also says what it points to, so that the
 * boundary can hand a copy over.
 */
#pragma once

#include <stdint.h>

#include <aramid/profile.h>

#define SERVICE_ARGUMENTS_MAX 6 /* those that registers hold (System V ABI, 3.2.3) */

enum call_effect { CALL_READS, CALL_MUTATES };

/* The shapes of fs_operations.def. DATA is IN with the size that was given. */
enum argument_shape {
	ARGUMENT_VALUE,
	ARGUMENT_NAME,
	ARGUMENT_IN,
	ARGUMENT_OUT,
	ARGUMENT_INOUT,
	ARGUMENT_FILL,
};

/* What is wrong with a result and with what came back in the arguments, in words for a log, or
 * NULL. */
typedef const char *(*call_fault)(long result, const uint64_t *arguments);

struct service_call {
	const char *operation; /* a word for logs */
	uint64_t function;     /* address of one of any prototype that registers suffice for */
	enum call_effect effect;
	uint64_t arguments[SERVICE_ARGUMENTS_MAX];
	call_fault fault; /* NULL: the service is believed */
#if ARAMID_ISOLATE_SERVICES
	struct {
		uint32_t shape, size; /* enum argument_shape; bytes, where it is a pointer */
	} shapes[SERVICE_ARGUMENTS_MAX];
#endif
};

/* An argument and its shape, for the initialisers of the two arrays. */
#define ARGUMENT_VALUE_OF(name) ((uint64_t)(name))

#define ARGUMENT_SHAPE_VALUE(name) {ARGUMENT_VALUE, 0}
#define ARGUMENT_SHAPE_NAME(name)  {ARGUMENT_NAME, 0}
#define ARGUMENT_SHAPE_IN(name)    {ARGUMENT_IN, sizeof(*(name))}
#define ARGUMENT_SHAPE_OUT(name)   {ARGUMENT_OUT, sizeof(*(name))}
#define ARGUMENT_SHAPE_INOUT(name) {ARGUMENT_INOUT, sizeof(*(name))}
#define ARGUMENT_SHAPE_DATA(name)  {ARGUMENT_IN, (uint32_t)size}
#define ARGUMENT_SHAPE_FILL(name)  {ARGUMENT_FILL, (uint32_t)size}
