/* SPDX-License-Identifier: MIT
 *
 * The scheduler's private face of thread.c.
 */
#pragma once

#include <kernel/proc/thread.h>

/* Give back the memory of a thread that no CPU runs any more. */
void thread_free(struct thread *thread);
