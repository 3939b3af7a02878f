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
	bool wraps = user_range_ok(0xfffffffffffffff8UL, 16);
	bool whole = user_range_ok(0, USER_LIMIT);
	bool beyond = user_range_ok(0, USER_LIMIT + 1);
	bool product_wraps = user_array_ok(0x1000, 1UL << 60, 16);
	bool longer = user_range_ok(addr, size);
	bool part = user_range_ok(addr, size / 2);
	bool array = user_array_ok(addr, count, sizeof(long));
	struct user_span span, wrapping, endless;
	bool is_span = user_span(addr, size, &span);
	bool wraps_up = user_span(0x1000, 0xffffffffffffffffUL, &endless);
	bool spans_end = user_span(USER_LIMIT - 0x1000, 0x1001, &wrapping);

	/*@ assert !wraps && whole && !beyond && !product_wraps; */
	/*@ assert longer ==> part; */
	/*@ assert is_span ==> span.start == addr && span.start < span.end <= USER_LIMIT; */
	/*@ assert !wraps_up && !spans_end; */
	/*@ assert array && count > 0 ==> addr < USER_LIMIT; */
}
