/* SPDX-License-Identifier: MIT
 *
 * Random bits for the core, straight from RDSEED or RDRAND. The token table draws its
 * nonces from a ChaCha20 stream that these seed (caps/src/nonce.c). A machine without
 * either says so loudly at boot.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* One word straight from the CPU; false when the hardware has none. */
bool entropy_hardware(uint64_t *word);

/* A random word; the time-stamp counter, multiplied, where the CPU has no source. Any thread;
 * never sleeps. */
uint64_t entropy_u64(void);
