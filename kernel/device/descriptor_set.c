/* SPDX-License-Identifier: MIT
 *
 * A set is two words: the numbers below 64, and the others.
 */
#include <kernel/device/descriptor_set.h>

#include <kernel/lib/bit_word.h>

struct descriptor_set set_none(void)
{
	return (struct descriptor_set){0, 0};
}

bool set_has(struct descriptor_set set, uint32_t descriptor)
{
	return descriptor < BIT_WORD_BITS ? bit_word_test(set.low, descriptor)
	                                  : bit_word_test(set.high, descriptor - BIT_WORD_BITS);
}

struct descriptor_set set_with(struct descriptor_set set, uint32_t descriptor)
{
	if (descriptor < BIT_WORD_BITS)
		set.low = bit_word_with(set.low, descriptor);
	else
		set.high = bit_word_with(set.high, descriptor - BIT_WORD_BITS);
	return set;
}

struct descriptor_set set_without(struct descriptor_set set, uint32_t descriptor)
{
	if (descriptor < BIT_WORD_BITS)
		set.low = bit_word_without(set.low, descriptor);
	else
		set.high = bit_word_without(set.high, descriptor - BIT_WORD_BITS);
	return set;
}

struct descriptor_set set_union(struct descriptor_set set, struct descriptor_set other)
{
	return (struct descriptor_set){set.low | other.low, set.high | other.high};
}

struct descriptor_set set_minus(struct descriptor_set set, struct descriptor_set other)
{
	return (struct descriptor_set){set.low & ~other.low, set.high & ~other.high};
}

uint16_t set_first(struct descriptor_set set)
{
	if (set.low != 0)
		return (uint16_t)bit_word_first(set.low);
	if (set.high != 0)
		return (uint16_t)(BIT_WORD_BITS + bit_word_first(set.high));
	return VIRTQUEUE_NONE;
}
