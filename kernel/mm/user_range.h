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
    exits \false;
    ensures \result <==> addr + size <= USER_LIMIT; */
static inline bool user_range_ok(unsigned long addr, unsigned long size)
{
	return size <= USER_LIMIT && addr <= USER_LIMIT - size;
}

/* The array of `count` elements of `size` bytes at `addr` lies in user space, with a product that
 * may be larger than a word. `size` is not 0. */
/*@ requires size > 0;
    assigns \nothing;
    exits \false;
    ensures \result <==> addr + count * size <= USER_LIMIT; */
static inline bool user_array_ok(unsigned long addr, unsigned long count, unsigned long size)
{
	return count <= USER_LIMIT / size && user_range_ok(addr, count * size);
}

/* The unit of mappings. */
#define USER_PAGE 4096UL

/*@ logic integer whole_pages(integer size) = (size + USER_PAGE - 1) / USER_PAGE * USER_PAGE; */

/* A length in whole pages; 0 for one that is 0 or more than user space. */
/*@ assigns \nothing;
    exits \false;
    ensures size > USER_LIMIT ==> \result == 0;
    ensures size <= USER_LIMIT ==> \result == whole_pages(size);
    ensures size <= USER_LIMIT ==> size <= \result <= USER_LIMIT && \result < size + USER_PAGE;
    ensures \result % USER_PAGE == 0; */
static inline unsigned long user_pages(unsigned long size)
{
	return size > USER_LIMIT ? 0 : (size + USER_PAGE - 1) / USER_PAGE * USER_PAGE;
}

/* Pages of user space: start < end. */
struct user_span {
	unsigned long start, end;
};

/* The pages that `size` bytes from `address` on lie in: false, and *span is not for use, if the
 * address is none of a page, there are no bytes, or a page is not the user's. */
/*@ requires \valid(span);
    assigns *span;
    exits \false;
    ensures \result <==> address % USER_PAGE == 0 && size > 0 &&
      address + whole_pages(size) <= USER_LIMIT;
    ensures \result ==> span->start == address && span->end == address + whole_pages(size);
    ensures \result ==> span->start + size <= span->end <= USER_LIMIT; */
static inline bool user_span(unsigned long address, unsigned long size, struct user_span *span)
{
	unsigned long pages = user_pages(size);

	if (pages == 0 || address % USER_PAGE != 0 || !user_range_ok(address, pages))
		return false;
	span->start = address;
	span->end = address + pages;
	return true;
}

/* How many bytes of user space there are from `addr` on: the most that a string there can have.
 * 0 outside user space. */
/*@ assigns \nothing;
    exits \false;
    ensures addr < USER_LIMIT ==> \result == USER_LIMIT - addr;
    ensures addr >= USER_LIMIT ==> \result == 0; */
static inline unsigned long user_bytes_from(unsigned long addr)
{
	return addr < USER_LIMIT ? USER_LIMIT - addr : 0;
}

/* May the core copy `size` bytes at a program's pointer? Where the profile does not check user
 * pointers the answer is always yes. */
/*@ assigns \nothing;
    exits \false;
    ensures \result <==>
      ARAMID_CHECK_USER_POINTERS == 0 || (unsigned long)ptr + size <= USER_LIMIT; */
static inline bool access_ok(const void __user *ptr, unsigned long size)
{
	return !ARAMID_CHECK_USER_POINTERS || user_range_ok((__force unsigned long)ptr, size);
}
