/* SPDX-License-Identifier: MIT
 *
 * The atomic accesses of the token table. Frama-C does not know the builtins, and WP is
 * sequential: it reads plain accesses with the same sequential meaning, and what depends on
 * interleaving is the concern of other tests.
 */
#pragma once

#include <aramid/tool.h>
#include <stdint.h>

#if ARAMID_READ_BY_FRAMAC
#define cap_load_acquire(address)         (*(address))
#define cap_load_relaxed(address)         (*(address))
#define cap_store_release(address, value) (*(address) = (value))
#define cap_store_relaxed(address, value) (*(address) = (value))
#define cap_count(address)                (*(address) += 1)
#else
#define cap_load_acquire(address)         __atomic_load_n(address, __ATOMIC_ACQUIRE)
#define cap_load_relaxed(address)         __atomic_load_n(address, __ATOMIC_RELAXED)
#define cap_store_release(address, value) __atomic_store_n(address, value, __ATOMIC_RELEASE)
#define cap_store_relaxed(address, value) __atomic_store_n(address, value, __ATOMIC_RELAXED)
#define cap_count(address)                ((void)__atomic_fetch_add(address, 1, __ATOMIC_RELAXED))
#endif
