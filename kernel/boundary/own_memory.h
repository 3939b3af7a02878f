/* SPDX-License-Identifier: MIT
 *
 * What memory a service may have the core read and write for it. A core function does so with the
 * core's rights: what a service passes in the address of is touched only when it could have touched
 * it itself.
 */
#pragma once

#include <stdint.h>

#include <aramid/check.h>
#include <aramid/profile.h>

#if ARAMID_CONTAIN_PANICS

/* Copy to memory that the calling service named: 0, or -EFAULT when it is not there, or not in the
 * service's data, in one object of its heap, or on its part of the stack. */
int __must_check copy_to_service(void *to, const void *from, uint64_t size);

/* Copy from such memory, or from constants of the image. */
int __must_check copy_from_service(void *to, const void *from, uint64_t size);

#else

#include <arch/user_access.h>

static inline int __must_check copy_to_service(void *to, const void *from, uint64_t size)
{
	return probe_copy(to, from, size);
}

static inline int __must_check copy_from_service(void *to, const void *from, uint64_t size)
{
	return probe_copy(to, from, size);
}

#endif
