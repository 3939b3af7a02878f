/* SPDX-License-Identifier: MIT
 *
 * Random bits for the core: RDSEED and RDRAND seed a ChaCha20 stream. A machine
 * without either says so loudly at boot and is seeded by the time-stamp counter.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* One word straight from the CPU; false when the hardware has none. */
bool entropy_hardware(uint64_t *word);

/* A random word of the core's stream. Any thread; never sleeps. */
uint64_t entropy_u64(void);
