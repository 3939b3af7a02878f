/* SPDX-License-Identifier: MIT
 *
 * The vDSO's place in an address space: the clock's page, and above it the library.
 */
#pragma once

#include <stdint.h>

#include <aramid/check.h>

struct region;
struct vmspace;

/* Make the pages that all processes share. Once, before the first program. */
void vdso_init(void);

/* Map them where the next mapping would go; *start is the library's (AT_SYSINFO_EHDR). 0 or
 * -ENOMEM. */
int __must_check vdso_map(struct vmspace *space, uint64_t *start);

/* What a region of them is called in /proc/PID/maps; "" for any other. */
const char *vdso_name(const struct region *region);
