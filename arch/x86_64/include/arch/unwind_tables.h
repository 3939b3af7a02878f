/* SPDX-License-Identifier: MIT
 *
 * Reading a function's language-specific data area.
 */
#pragma once

#include <stdint.h>

/* Where the cleanup handler for an address of the function that starts at start begins, or 0. */
uint64_t unwind_landing_pad(uint64_t lsda, uint64_t start, uint64_t ip);
