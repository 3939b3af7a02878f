/* SPDX-License-Identifier: MIT
 *
 * One seed's run for each kind of device. malice: how many per mille of what the device does is
 * wrong.
 */
#pragma once

#include <stdint.h>

void fuzz_disk(uint32_t malice);
void fuzz_interface(uint32_t malice);

/* The seed fails. */
_Noreturn void fail(const char *what);
