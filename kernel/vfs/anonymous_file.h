/* SPDX-License-Identifier: MIT
 *
 * Open files without a vnode: what eventfd(2), timerfd_create(2), epoll(7) and their kin make.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <aramid/check.h>

struct file;
struct file_ops;
struct fs_attr;

/* One with size zeroed bytes of state; NULL when memory is out. flags: O_ACCMODE, O_NONBLOCK and
 * O_CLOEXEC. name: what /proc calls it. The caller fills the state in and installs the file, or
 * puts it. */
struct file *anonymous_create(const struct file_ops *ops, size_t size, uint32_t flags,
                              const char *name);

/* Give it the lowest free descriptor: that, or -EMFILE, -ENOMEM; then the file is gone. */
long anonymous_install(struct file *file, uint32_t flags);

/* The close of a kind whose state holds nothing. */
void anonymous_close(struct file *file);

/* fstat(2), as Linux answers it for all of them. */
int __must_check anonymous_stat(struct file *file, struct fs_attr *attr);
