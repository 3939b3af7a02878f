/* SPDX-License-Identifier: MIT
 *
 * The part of the environment (aramid/cap_env.h) that a freestanding user need not write. Weak, so
 * that it may.
 */
#include "table.h"

#include <aramid/cap_env.h>

__attribute__((weak)) void cap_wait_for_operations(void)
{
}

__attribute__((weak)) void cap_count_validation(void)
{
	cap_count(&cap_counters.validated);
}

__attribute__((weak)) uint64_t cap_sum_validations(void)
{
	return cap_load_relaxed(&cap_counters.validated);
}
