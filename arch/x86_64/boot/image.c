/* SPDX-License-Identifier: MIT
 *
 * The image's sections and the protection that each is mapped with: nothing is
 * both writable and executable.
 */
#include <stddef.h>

#include <arch/image.h>
#include <arch/mmu.h>

extern const char boot_end[], rodata_start[], rodata_end[], data_start[], data_end[];
extern const char symbols_end[], symbols_begin[] __asm__("symbols_start");

const struct image_section image_sections[] = {
        {image_begin, boot_end, MMU_WRITE}, /* start-up code and tables: run once, low */
        {text_start, text_end, MMU_EXEC},
        {rodata_start, rodata_end, 0},
        {data_start, data_end, MMU_WRITE},
        {symbols_begin, symbols_end, 0},
        {NULL, NULL, 0},
};
