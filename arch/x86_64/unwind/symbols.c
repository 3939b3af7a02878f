/* SPDX-License-Identifier: MIT
 *
 * Names for addresses, from the table that link/make-symbols put into the image.
 */
#include <arch/image.h>
#include <arch/page.h>
#include <arch/unwind.h>

/* The section: a count, the rows, the names. */
struct symbol {
	uint32_t address; /* less the image's base */
	uint32_t name;    /* bytes from the first name */
};

extern const uint64_t symbols_start[];

const char *symbol_name(uint64_t address, uint64_t *offset)
{
	uint64_t count = symbols_start[0], low = 0, high = count;
	const struct symbol *symbols = (const struct symbol *)(symbols_start + 1);
	const char *names = (const char *)(symbols + count);
	uint64_t place = address - KERNEL_IMAGE_BASE;

	*offset = address;
	if (!count || !image_is_text(address) || place < symbols[0].address)
		return "?";
	/* The last row at or below the address. */
	while (high - low > 1) {
		uint64_t middle = (low + high) / 2;

		if (symbols[middle].address <= place)
			low = middle;
		else
			high = middle;
	}
	*offset = place - symbols[low].address;
	return names + symbols[low].name;
}
