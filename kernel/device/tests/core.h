/* SPDX-License-Identifier: MIT
 *
 * The core around devices, disks and interfaces, on the host.
 */
#pragma once

#include <stdint.h>

/* Once. kind: of the device that the driver is for; falls: how many per mille of the driver's calls
 * it falls in; others: what goes on while somebody waits. */
void core_start(uint32_t kind, uint32_t falls, void (*others)(void));

/* The thread that was started goes on, until it looks for the so-manieth time whether to wait. */
void core_run_thread(uint32_t waits);
