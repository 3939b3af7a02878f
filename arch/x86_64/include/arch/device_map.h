/* SPDX-License-Identifier: MIT
 *
 * Registers of devices, mapped uncached for the core.
 */
#pragma once

#include <stdint.h>

#include <arch/page.h>

/* Map [address, address + size) for good: where its first byte is to be seen, or NULL when RAM lies
 * there, or memory or the room for devices is out. Boot CPU, before services start. */
volatile uint8_t *device_map(paddr_t address, uint64_t size);
