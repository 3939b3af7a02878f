/* SPDX-License-Identifier: MIT
 *
 * devfs: the nodes of the devices that the core has. It only names them: opening
 * one is the core's work (kernel/vfs/devices.c).
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#define FS_SERVICE devfs
#include <kernel/vfs/fs_service.h>

#define DEVICE(major, minor) ((major) << 8 | (minor))

/* pts.c: /dev/pts, with a node for each slave of a pseudo-terminal whose master is there. The
 * object of one tells it from others that have had its number, and is no other node's. */
bool devfs_is_pts(uint64_t object);
int __must_check devfs_pts_lookup(const char *name, struct fs_attr *attr);
int __must_check devfs_pts_getattr(uint64_t object, struct fs_attr *attr);
/* As devfs_pts_getattr told it, with changes: they stay until the service is restarted. */
void devfs_pts_keep(const struct fs_attr *attr);
uint32_t devfs_pts_readdir(uint64_t cookie, struct fs_entry *entries, uint64_t most);
uint32_t devfs_pts_count(void);
