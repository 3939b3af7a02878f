/* SPDX-License-Identifier: MIT
 *
 * The vDSO: a shared library for programs, linked by itself and carried in the image.
 */
#pragma once

/* User-visible GDT entry whose limit is the CPU's number (descriptors.c), with privilege 3. */
#define CPU_NUMBER_SELECTOR 0x3b

extern const char vdso_image[], vdso_image_end[];
