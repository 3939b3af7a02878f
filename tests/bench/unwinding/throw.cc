/* SPDX-License-Identifier: MIT
 *
 * C++'s way: throw, and catch where the calls began. No header of the library's is needed.
 */
#include "fail.h"

const int frames_can_clean = 1;

static volatile unsigned int cleaned;

struct resource {
	~resource()
	{
		cleaned = cleaned + 1;
	}
};

static __attribute__((noinline)) void innermost()
{
	failure_begins();
	throw 1;
}

static __attribute__((noinline)) void plain(unsigned int depth)
{
	if (depth > 0)
		plain(depth - 1);
	else
		innermost();
	__asm__ volatile("" : : : "memory"); /* a call, not a tail jump */
}

static __attribute__((noinline)) void cleaning(unsigned int depth)
{
	resource held;

	if (depth > 0)
		cleaning(depth - 1);
	else
		innermost();
	__asm__ volatile("" : : : "memory");
}

void fail_at_depth(unsigned int depth, int cleans)
{
	try {
		if (cleans)
			cleaning(depth);
		else
			plain(depth);
	} catch (int) {
	}
}
