/* SPDX-License-Identifier: MIT
 *
 * The core around devices and disks, on the host.
 */
#pragma once

#include <stdint.h>

/* Once. falls: how many per mille of the driver's calls it falls in; others: what goes on while
 * somebody waits. */
void core_start(uint32_t falls, void (*others)(void));
