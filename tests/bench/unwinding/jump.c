/* SPDX-License-Identifier: MIT
 *
 * C's way: longjmp to where setjmp was called. Nothing is cleaned up.
 */
#include <setjmp.h>

#include "fail.h"

const int frames_can_clean = 0;

static jmp_buf start;

static __attribute__((noinline)) void innermost(void)
{
	failure_begins();
	longjmp(start, 1);
}

static __attribute__((noinline)) void plain(unsigned int depth)
{
	if (depth > 0)
		plain(depth - 1);
	else
		innermost();
	__asm__ volatile("" : : : "memory"); /* a call, not a tail jump */
}

void fail_at_depth(unsigned int depth, int cleans)
{
	(void)cleans;
	if (setjmp(start) == 0)
		plain(depth);
}
