/* SPDX-License-Identifier: MIT
 *
 * futex(2): sleep until a word in user memory was changed and someone says so.
 * Words are told apart by address space and address.
 */
#pragma once

#include <stdint.h>

#include <kernel/sync/wait_queue.h>

/* Sleep while the word is expected: 0, -EAGAIN (it is not), -ETIMEDOUT, -EINTR, -EFAULT.
 * Wakers whose bits do not meet these pass by (FUTEX_WAIT_BITSET). deadline: ns of time_now(). */
long futex_wait(uint64_t address, uint32_t expected, uint32_t bits, uint64_t deadline);

/* Wake up to count waiters: how many. */
long futex_wake(uint64_t address, uint32_t count);
long futex_wake_bits(uint64_t address, uint32_t count, uint32_t bits);
