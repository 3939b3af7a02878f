/* SPDX-License-Identifier: MIT
 *
 * Mounting file systems on disks (mount(2), umount(2)). Rights are those of the calling process.
 */
#pragma once

#include <stdint.h>

#include <aramid/check.h>

struct vnode;

/* source: the disk's device node; target: where; type: the service's name; flags: MS_RDONLY,
 * MS_REMOUNT, MS_SILENT, MS_NOATIME, MS_NODIRATIME, MS_RELATIME. The references stay the caller's.
 * 0, -EPERM, -EINVAL (also: it is no such file system), -ENODEV, -ENOTBLK, -ENXIO, -ENOTDIR,
 * -ENAMETOOLONG, -EBUSY, -EROFS, -EUCLEAN, -EOPNOTSUPP, -ENOSPC, -EIO, -ENOMEM. */
int __must_check disk_mount(struct vnode *source, struct vnode *target, const char *type,
                            uint32_t flags);
/* target: the root. */
int __must_check disk_remount(struct vnode *target, uint32_t flags);

/* A disk's file system, of whatever kind that is known, is the first root: to be written, when the
 * disk can be. -ENXIO: there is no such disk; -ENODEV, or an error of disk_mount. Core only, at
 * boot. */
int __must_check disk_mount_root(uint32_t number);

/* The machine is about to be switched off: what is mounted to be written is brought up to date and
 * left as an unmount would, and can be read alone from then on. What cannot be written is logged.
 */
void disk_mounts_end(void);

/* All that was changed is on the disk, or -EIO; flags MNT_FORCE: it goes all the same, and what
 * could not be written is lost. -EBUSY: it is in use. */
int __must_check disk_unmount(struct vnode *target, uint32_t flags);
