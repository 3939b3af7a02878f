/* SPDX-License-Identifier: MIT
 *
 * Bits of block and inode bitmaps.
 */
#include <services/ext2/ext2.h>

uint32_t ext2_bit_find(const uint8_t *bits, uint32_t from, uint32_t to, bool set)
{
	uint8_t none = set ? 0 : 0xff;

	while (from < to) {
		if (from % 8 == 0 && bits[from / 8] == none)
			from += 8;
		else if ((bits[from / 8] >> from % 8 & 1) == set)
			return from;
		else
			from++;
	}
	return to;
}

/* The part of [from, from + count) that lies in a byte. */
static uint8_t mask_in(uint32_t byte, uint32_t from, uint32_t end)
{
	uint32_t low = from > byte * 8 ? from - byte * 8 : 0;
	uint32_t high = end < byte * 8 + 8 ? end - byte * 8 : 8;

	return (uint8_t)((1u << high) - (1u << low));
}

int ext2_bits_change(struct ext2_fs *fs, uint32_t bitmap, uint32_t from, uint32_t count, bool set)
{
	uint8_t bytes[256];
	uint32_t end = from + count;

	for (uint32_t first = from / 8, size; first * 8 < end; first += size) {
		uint64_t place = ext2_byte_of(fs, bitmap) + first;
		int error;

		size = (end + 7) / 8 - first;
		if (size > sizeof(bytes))
			size = sizeof(bytes);
		error = ext2_device_read(fs, place, bytes, size);
		if (error)
			return error;
		for (uint32_t i = 0; i < size; i++) {
			uint8_t mask = mask_in(first + i, from, end);

			if ((bytes[i] & mask) != (set ? 0 : mask))
				return -EUCLEAN;
			bytes[i] ^= mask;
		}
		error = ext2_device_write(fs, place, bytes, size, BLOCK_RANK_MAPS);
		if (error)
			return error;
	}
	return 0;
}
