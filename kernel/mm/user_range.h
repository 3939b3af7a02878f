/* SPDX-License-Identifier: MIT
 *
 * Which addresses are a user's. Everything that a program says about its own memory passes here
 * before the core touches it, so each answer is safe against overflow and proved (frama/).
 * None of these functions sleeps or panics; anyone may call them.
 */
#pragma once

#include <aramid/profile.h>
#include <aramid/user.h>
#include <stdbool.h>

/* User space is [0, USER_LIMIT). The last page of the lower half stays out of it: a syscall
 * instruction at its very end would return to a non-canonical address (Intel SDM, volume 2,
 * SYSRET). */
#define USER_LIMIT 0x00007ffffffff000UL

/* The range of `size` bytes at `addr` lies in user space. An empty range may stand at its end. */
/*@ assigns \nothing;
    ensures \result <==> addr + size <= USER_LIMIT; */
static inline bool user_range_ok(unsigned long addr, unsigned long size)
{
	return size <= USER_LIMIT && addr <= USER_LIMIT - size;
}

/* The array of `count` elements of `size` bytes at `addr` lies in user space, with a product that
 * may be larger than a word. `size` is not 0. */
/*@ requires size > 0;
    assigns \nothing;
    ensures \result <==> addr + count * size <= USER_LIMIT; */
static inline bool user_array_ok(unsigned long addr, unsigned long count, unsigned long size)
{
	return count <= USER_LIMIT / size && user_range_ok(addr, count * size);
}

/* How many bytes of user space there are from `addr` on: the most that a string there can have.
 * 0 outside user space. */
/*@ assigns \nothing;
    ensures addr < USER_LIMIT ==> \result == USER_LIMIT - addr;
    ensures addr >= USER_LIMIT ==> \result == 0; */
static inline unsigned long user_bytes_from(unsigned long addr)
{
	return addr < USER_LIMIT ? USER_LIMIT - addr : 0;
}

/* May the core copy `size` bytes at a program's pointer? Where the profile does not check user
 * pointers the answer is always yes. */
/*@ assigns \nothing;
    ensures \result <==>
      ARAMID_CHECK_USER_POINTERS == 0 || (unsigned long)ptr + size <= USER_LIMIT; */
static inline bool access_ok(const void __user *ptr, unsigned long size)
{
	return !ARAMID_CHECK_USER_POINTERS || user_range_ok((__force unsigned long)ptr, size);
}
