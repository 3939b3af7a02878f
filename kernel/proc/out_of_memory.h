/* SPDX-License-Identifier: MIT
 *
 * When there is no page left: one process ends, and its memory comes back. Who holds most is
 * chosen; process 1 never is.
 */
#pragma once

#include <stdbool.h>

#include <aramid/context.h>

/* A page was wanted for the calling process and there was none: true: try again, one may be there
 * now; false: it is the caller's process that ends, or nobody can (process 1 alone is left, or the
 * caller is a kernel thread). Without spinlocks. */
bool out_of_memory_relieve(void) MAY_SLEEP;

/* The same for a system call that answered -ENOMEM: false, too, when that was not for want of
 * pages. */
bool out_of_memory_relieve_call(void) MAY_SLEEP;

/* A process has ended, and its memory is free. */
void out_of_memory_ended(void);
