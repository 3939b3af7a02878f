/* SPDX-License-Identifier: MIT
 *
 * Supervisor protection keys: each kernel page has one of sixteen, and a register of
 * the CPU says which keys the running code may read and write. The core runs with all rights; a
 * service runs with those of its own key. Fetching code asks for no key.
 * Source: Intel SDM vol. 3A, 4.6.2 (protection keys).
 */
#pragma once

/* clang-format off */
#define KEY_CORE          0 /* what has no other: not even to be read by services */
#define KEY_PUBLIC        1 /* code, constants, and what the processor or any code reads */
#define KEY_GATEWAY       2 /* the stacks on which traps arrive: written with any rights */
#define KEY_FIRST_SERVICE 3 /* this one and on: services' data, heaps and stacks */
#define KEY_COUNT         16
/* clang-format on */

#define MSR_PKRS 0x6e1

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stdint.h>

/* Data that services may read: the processor's tables and per-CPU blocks. */
#define PUBLIC_DATA  __attribute__((section(".bss.public")))
#define GATEWAY_DATA __attribute__((section(".bss.gateway")))

/* Whether this machine has the keys; without them the key of a page has no effect. Set at boot,
 * the same for all CPUs. */
extern bool protection_keys_on;

/* The rights of a service with this key, as MSR_PKRS has them: two bits a key, the lower one
 * forbids all access and the upper one writing. */
static inline uint32_t protection_key_rights(unsigned int key)
{
	uint32_t rights = 0x55555555;

	rights &= ~(3u << 2 * KEY_PUBLIC | 3u << 2 * KEY_GATEWAY | 3u << 2 * key);
	return rights | 2u << 2 * KEY_PUBLIC;
}

#endif
