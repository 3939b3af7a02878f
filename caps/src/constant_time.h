/* SPDX-License-Identifier: MIT
 *
 * Comparison without a branch that depends on the values, so that timing tells a forger nothing
 * about how much of a guess was right.
 */
#pragma once

#include <stdint.h>

/* 0 if a and b are equal. The assertions lead the provers: exclusive or undoes itself. */
/*@ assigns \nothing;
    exits \false;
    ensures \result == 0 <==> a == b; */
static inline uint64_t cap_difference(uint64_t a, uint64_t b)
{
	uint64_t difference = a ^ b;

	/*@ assert undone: difference == 0 ==> ((a ^ b) ^ b) == (0 ^ b); */
	return difference;
}
