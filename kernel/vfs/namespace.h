/* SPDX-License-Identifier: MIT
 *
 * What system calls do to names: open, make, link, remove, move. Rights are those
 * of the calling process (a kernel thread has all), umask is applied here.
 *
 * from: the directory that a relative path starts at, NULL for the process's cwd. All answer
 * 0 or a negative errno and may sleep.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>

struct file;
struct fs_attr;
struct fs_statistics;
struct path_limits;
struct vnode;

/* open(2) with all its O_ flags: one reference in *file. */
int __must_check vfs_open(struct vnode *from, const char *path, uint32_t flags, uint32_t mode,
                          struct file **file);
/* The same within limits (openat2(2)). */
int __must_check vfs_open_within(struct vnode *from, const char *path, uint32_t flags,
                                 uint32_t mode, const struct path_limits *limits,
                                 struct file **file);

/* mknod(2), mkdir(2) (mode with S_IFDIR): a file, directory, device node, fifo or socket. */
int __must_check vfs_make(struct vnode *from, const char *path, uint32_t mode, uint32_t device);
/* The same from the process's cwd on, with a reference to what was made. */
int __must_check vfs_make_held(const char *path, uint32_t mode, struct vnode **made);
int __must_check vfs_symlink(const char *target, struct vnode *from, const char *path);

/* link(2): existing is the file that gets another name. */
int __must_check vfs_link(struct vnode *existing, struct vnode *from, const char *path);

/* unlink(2), or rmdir(2) with flags AT_REMOVEDIR. */
int __must_check vfs_unlink(struct vnode *from, const char *path, uint32_t flags);

/* renameat2(2); flags RENAME_NOREPLACE, RENAME_EXCHANGE or 0. */
int __must_check vfs_rename(struct vnode *old_from, const char *old_path, struct vnode *new_from,
                            const char *new_path, uint32_t flags);

/* readlink(2): the length, not NUL-terminated; -EINVAL for anything but a link. */
long vfs_readlink(struct vnode *link, char *buffer, uint64_t size);

/* chmod, chown, truncate, utimensat with the calling process's rights: -EPERM, -EACCES.
 * FS_SET_ATIME and FS_SET_MTIME: set_now tells "the present time" from a given one, which
 * only the owner may set. */
int __must_check vfs_setattr(struct vnode *vnode, const struct fs_attr *attr, uint32_t valid,
                             bool set_now);

/* statfs(2). */
int __must_check vfs_statistics(struct vnode *vnode, struct fs_statistics *statistics);
