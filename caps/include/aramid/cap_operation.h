/* SPDX-License-Identifier: MIT
 *
 * Operations: what a revocation waits for. Included by aramid/cap.h.
 *
 *   int net_transmit(CAP(net_access) cap, const void *frame, size_t length)
 *   {
 *           CAP_OPERATION();
 *           cap_validate(net_access, cap);
 *           …
 *
 * Every cap_revoke… returns only when the operations of other threads that were open have ended,
 * so what it took the right to can be torn down: a token that was valid inside an operation is
 * used by nobody any more. A function that opens no operation is not waited for.
 *
 * An operation belongs to its thread and may hold others. It must not revoke (a hosted program
 * aborts: the revocation would wait for itself), nor wait for a thread that revokes. In the
 * profiles without run-time tokens nothing is revoked at run time, and all this is empty.
 */
#pragma once

#include <aramid/profile.h>
#include <aramid/tool.h>

#if ARAMID_RUNTIME_TOKENS
/* Opens an operation of this thread, and ends the one opened last. Neither sleeps nor panics.
 * The hosted library brings both; a freestanding environment that quiesces in its own way has
 * none, and CAP_OPERATION does not link there (cap_wait_for_operations in aramid/cap_env.h). */
void cap_begin_operation(void);
void cap_end_operation(void);

#if ARAMID_READ_BY_TOOL
/* Not every tool knows the cleanup attribute. */
#define CAP_OPERATION() cap_begin_operation()
#else
static inline void cap_end_operation_of(const unsigned char *scope)
{
	(void)scope;
	cap_end_operation();
}

/* A declaration: an operation to the end of the block, however that is left, except by longjmp
 * (cap_end_operations_since in aramid/cap_host.h). Before the validation that it is for. */
#define CAP_OPERATION()                                                                            \
	__attribute__((cleanup(cap_end_operation_of), unused)) unsigned char cap_operation_ =      \
	        (cap_begin_operation(), 0)
#endif
#else
static inline void cap_begin_operation(void)
{
}

static inline void cap_end_operation(void)
{
}

#define CAP_OPERATION() cap_begin_operation()
#endif
