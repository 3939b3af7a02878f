/* SPDX-License-Identifier: MIT
 *
 * The archive that the boot loader brings: cpio in the "newc" form, any number of them
 * one after another (Linux Documentation/driver-api/early-userspace/buffer-format.rst).
 */
#pragma once

#include <stdint.h>

/* Make everything in the archive under a directory. Whole pages of large files are taken over as
 * they lie (page_get), the rest is copied. A corrupt archive, or no room for it, is one line in the
 * log that says where and why, and a panic: without a root there is nothing to run. */
void initramfs_unpack(const char *directory, const void *start, uint64_t size);
