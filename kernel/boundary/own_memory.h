/* SPDX-License-Identifier: MIT
 *
 * What memory a service may have the core write for it. A core function writes with the
 * core's rights: an address that a service passes in is written to only when it could have
 * written there itself.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/profile.h>

#if ARAMID_CONTAIN_PANICS

/* Whether all of it lies in the calling service's data, in an object of its heap, or on its part
 * of the stack. */
bool service_may_write(const void *address, uint64_t size);

#else

static inline bool service_may_write(const void *address, uint64_t size)
{
	(void)address, (void)size;
	return true;
}

#endif
