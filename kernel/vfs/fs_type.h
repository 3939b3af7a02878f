/* SPDX-License-Identifier: MIT
 *
 * The types of objects in file systems.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <linux/stat.h>

/* Whether a mode's type is one that there is (inode(7)). */
static inline bool fs_is_type(uint32_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
	case S_IFDIR:
	case S_IFLNK:
	case S_IFCHR:
	case S_IFBLK:
	case S_IFIFO:
	case S_IFSOCK:
		return true;
	default:
		return false;
	}
}
