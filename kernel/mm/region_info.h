/* SPDX-License-Identifier: MIT
 *
 * What lies where in an address space, for /proc/PID/maps and environ. May sleep.
 */
#pragma once

#include <stdint.h>

#include <aramid/check.h>

struct region_info;
struct vmspace;

/* The lowest region that ends behind an address: 1, or 0 when there is none. */
int vmspace_describe(struct vmspace *space, uint64_t from, struct region_info *info);

/* Bytes of a page that is in memory, up to its end: how many; 0 when it is not. */
uint64_t vmspace_peek(struct vmspace *space, uint64_t address, void *to, uint64_t size);
