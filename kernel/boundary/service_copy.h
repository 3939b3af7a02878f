/* SPDX-License-Identifier: MIT
 *
 * Memory that the calling service named: copied only where it is there, and, where services are
 * isolated, is the service's own. 0 or -EFAULT. For implementations of core_calls.def.
 */
#pragma once

#include <arch/mmu.h>
#include <arch/user_access.h>
#include <aramid/check.h>
#include <aramid/profile.h>
#include <kernel/boundary/service.h>
#include <kernel/lib/errno.h>

static inline bool is_the_services(const void *memory, uint64_t size)
{
#if ARAMID_ISOLATE_SERVICES
	return mmu_has_key((uint64_t)memory, size, service_current()->key);
#else
	(void)memory, (void)size;
	return true;
#endif
}

static inline int __must_check copy_to_service(void *to, const void *from, uint64_t size)
{
	return is_the_services(to, size) ? probe_copy(to, from, size) : -EFAULT;
}

static inline int __must_check copy_from_service(void *to, const void *from, uint64_t size)
{
	return is_the_services(from, size) ? probe_copy(to, from, size) : -EFAULT;
}
