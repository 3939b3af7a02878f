/* SPDX-License-Identifier: MIT
 *
 * The floating-point part of a signal frame, in the layout that Linux gives it
 * (arch/x86/include/uapi/asm/sigcontext.h): an XSAVE area whose software bytes
 * tell its size, and a second magic number behind it.
 */
#pragma once

#include <stdint.h>

#include <aramid/check.h>

/* Bytes that the state takes on the user's stack, which wants it aligned to 64. */
uint64_t signal_fpu_size(void);

/* The calling thread's user state to a user address, and back. What comes back is made
 * harmless first. 0 or -EFAULT. May sleep. */
int __must_check signal_fpu_save(uint64_t address);
int __must_check signal_fpu_restore(uint64_t address);
