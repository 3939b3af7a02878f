/* SPDX-License-Identifier: MIT
 *
 * Which service the running thread is in. With containment the top boundary record
 * says so; without, the direct calls of fs_proxies.h note it in the thread.
 */
#pragma once

#include <aramid/check.h>
#include <aramid/lock.h>
#include <aramid/profile.h>
#include <kernel/block/block_changes.h>
#include <kernel/boundary/service.h>
#include <kernel/proc/thread.h>
#include <kernel/sync/mutex.h>

#if !ARAMID_CONTAIN_PANICS

/* The thread goes into a service: answers which one it was in before. A service whose memory
 * is the truth is entered by one thread at a time, as call_service would have it. May sleep. */
static inline struct service *service_enter(struct service *service)
        NO_LOCK_ANALYSIS("the turn is given up in service_leave")
{
	struct thread *thread = current_thread();
	struct service *outer = thread->service;

	if (service->in_turn)
		mutex_lock(&service->turn);
	thread->service = service;
	return outer;
}

/* And back out with its answer, to where service_enter said that it was. */
static inline void service_leave(struct service *outer, long result)
        NO_LOCK_ANALYSIS("the turn was taken in service_enter")
{
	struct thread *thread = current_thread();
	struct service *service = thread->service;

	if (service->changes)
		block_changes_end(service, result >= 0);
	thread->service = outer;
	if (service->in_turn)
		mutex_unlock(&service->turn);
}

#endif
