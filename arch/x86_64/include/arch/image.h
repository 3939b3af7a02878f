/* SPDX-License-Identifier: MIT
 *
 * What the linker script says of the image.
 */
#pragma once

#include <stdint.h>

struct image_section {
	const char *start, *end; /* page-aligned */
	unsigned int protection; /* MMU_* */
};

/* Ends with a NULL start. */
extern const struct image_section image_sections[];

extern char image_begin[], image_end[];
extern char text_start[], text_end[];
extern const char rodata_start[], rodata_end[];
extern char boot_stack_guard[], boot_stack_top[];

/* Whether an address is code of the image. */
static inline int image_is_text(uint64_t address)
{
	return address >= (uint64_t)text_start && address < (uint64_t)text_end;
}
