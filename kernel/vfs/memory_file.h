/* SPDX-License-Identifier: MIT
 *
 * Files without a name, in the file system that lives in memory (memfd_create(2)), and the seals
 * that forbid changes of them (fcntl(2), "File Sealing"). All may sleep.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>

struct vnode;

/* Of vnode->seals, beside F_SEAL_*: it may have some. */
#define SEALS_ALLOWED (1u << 31)

/* The descriptor, open for reading and writing. name: for /proc. flags: O_CLOEXEC. */
long memory_file_open(const char *name, bool may_be_sealed, uint32_t flags);

/* More F_SEAL_*: 0, -EINVAL for a file that has none and for unknown ones, -EPERM, -EBUSY while
 * there are mappings that could write. */
int __must_check vnode_add_seals(struct vnode *vnode, uint32_t seals);
/* F_SEAL_*, or -EINVAL. */
long vnode_get_seals(struct vnode *vnode);

/* Whether seals allow the file to be written to, and to have this size then: 0 or -EPERM. Under
 * the vnode's lock. */
int __must_check seals_check_write(const struct vnode *vnode, uint64_t size);
int __must_check seals_check_size(const struct vnode *vnode, uint64_t size);

/* Around the making of a mapping that may be written, so that no seal comes between: 0, or -EPERM
 * and no second call. */
int __must_check vnode_begin_writable_map(struct vnode *vnode);
void vnode_end_writable_map(struct vnode *vnode);
