/* SPDX-License-Identifier: MIT
 *
 * The battery-backed clock (Motorola MC146818A data sheet).
 */
#pragma once

#include <stdint.h>

/* Seconds since 1970, read once at boot; 0 when the machine has no such clock. */
uint64_t rtc_read(void);
