/* SPDX-License-Identifier: MIT
 *
 * The environment of a hosted program: who is the current owner, and who hears of refusals.
 * Per thread, except the hook.
 */
#pragma once

#include <aramid/cap_kind.h>
#include <aramid/profile.h>
#include <stddef.h>

/* Told of a refused token; see cap_refused in aramid/cap_env.h. It leaves by longjmp or ends the
 * program; when it returns from a validation, the program aborts. */
typedef void (*cap_refused_hook)(enum cap_kind kind, enum cap_refusal why, cap_owner_t presenter);

#if ARAMID_RUNTIME_TOKENS
/* This thread runs on behalf of `owner` until cap_leave, which takes the value that cap_enter
 * returned: the owner before. Enter before a call into a plugin, leave after it. */
cap_owner_t cap_enter(cap_owner_t owner);
void cap_leave(cap_owner_t before);

/* Sets the hook for all threads; NULL: print one line and abort. Returns the hook before. */
cap_refused_hook cap_set_refused_hook(cap_refused_hook hook);

/* How many operations this thread has open, and the end of those opened since. For a hook that
 * leaves by longjmp: ask before setjmp, end when it has come back (aramid/cap_operation.h). */
unsigned int cap_open_operations(void);
void cap_end_operations_since(unsigned int open);
#else
static inline cap_owner_t cap_enter(cap_owner_t owner)
{
	(void)owner;
	return CAP_OWNER_CORE;
}

static inline void cap_leave(cap_owner_t before)
{
	(void)before;
}

static inline cap_refused_hook cap_set_refused_hook(cap_refused_hook hook)
{
	(void)hook;
	return NULL;
}

static inline unsigned int cap_open_operations(void)
{
	return 0;
}

static inline void cap_end_operations_since(unsigned int open)
{
	(void)open;
}
#endif
