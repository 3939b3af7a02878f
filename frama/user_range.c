/* SPDX-License-Identifier: MIT
 *
 * Brings the header's functions before Frama-C, and shows on the cases that have gone wrong in
 * other kernels that their contracts say what they should.
 */
#include <kernel/mm/user_range.h>

void show_user_ranges(unsigned long addr, unsigned long size, unsigned long count);

/*@ assigns \nothing; */
void show_user_ranges(unsigned long addr, unsigned long size, unsigned long count)
{
	bool wraps = user_range_ok(0UL - 8, 16);
	bool whole = user_range_ok(0, USER_LIMIT);
	bool beyond = user_range_ok(0, USER_LIMIT + 1);
	bool product_wraps = user_array_ok(0x1000, 1UL << 60, 16);
	bool longer = user_range_ok(addr, size);
	bool part = user_range_ok(addr, size / 2);
	bool array = user_array_ok(addr, count, sizeof(long));

	/*@ assert !wraps && whole && !beyond && !product_wraps; */
	/*@ assert longer ==> part; */
	/*@ assert array && count > 0 ==> addr < USER_LIMIT; */
}
