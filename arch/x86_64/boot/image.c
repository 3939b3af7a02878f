/* SPDX-License-Identifier: MIT
 *
 * The image's sections and the protection that each is mapped with: nothing is
 * both writable and executable. The pages of a service's data get its key when it starts.
 */
#include <stddef.h>

#include <arch/image.h>
#include <arch/mmu.h>
#include <arch/protection_key.h>

extern const char boot_end[], data_start[], data_end[];
extern const char public_start[], public_end[], gateway_start[], gateway_end[];
extern const char symbols_end[], symbols_begin[] __asm__("symbols_start");

const struct image_section image_sections[] = {
        {image_begin, boot_end, MMU_WRITE}, /* start-up code and tables: run once, low */
        {text_start, text_end, MMU_EXEC | MMU_KEY(KEY_PUBLIC)},
        {rodata_start, rodata_end, MMU_KEY(KEY_PUBLIC)},
        {data_start, public_start, MMU_WRITE},
        {public_start, public_end, MMU_WRITE | MMU_KEY(KEY_PUBLIC)},
        {gateway_start, gateway_end, MMU_WRITE | MMU_KEY(KEY_GATEWAY)},
        {gateway_end, data_end, MMU_WRITE},
        {symbols_begin, symbols_end, 0},
        {NULL, NULL, 0},
};
