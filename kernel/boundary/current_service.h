/* SPDX-License-Identifier: MIT
 *
 * Which service the running thread is in. With containment the top boundary record
 * says so; without, the direct calls of fs_proxies.h note it in the thread.
 */
#pragma once

#include <aramid/profile.h>
#include <kernel/boundary/service.h>
#include <kernel/proc/thread.h>

#if !ARAMID_CONTAIN_PANICS

/* Note that the thread goes into (or back out to) a service: what it was in before. */
static inline struct service *service_enter(struct service *service)
{
	struct thread *thread = current_thread();
	struct service *outer = thread->service;

	thread->service = service;
	return outer;
}

#endif
