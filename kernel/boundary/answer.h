/* SPDX-License-Identifier: MIT
 *
 * What every service's answer must be: a count, or a negative errno. NULL, or what is wrong, in
 * words for a log.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define ANSWER_ERRNO_MAX 4095 /* as Linux */

/* Of an operation that answers 0. */
static inline const char *answer_plain_fault(long result)
{
	return result <= 0 && result >= -ANSWER_ERRNO_MAX ? NULL : "it answered what is no result";
}

/* Of one that answers up to how many it did. */
static inline const char *answer_count_fault(long result, uint64_t most)
{
	return result >= -ANSWER_ERRNO_MAX && (result < 0 || (uint64_t)result <= most)
	               ? NULL
	               : "it answered what is no result";
}
