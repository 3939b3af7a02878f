/* SPDX-License-Identifier: MIT
 *
 * Opening what is found already.
 */
#pragma once

#include <stdint.h>

#include <aramid/check.h>

struct file;
struct vnode;

/* Rights, truncation, and the open file (open(2)); flags but O_CREAT and O_EXCL. The reference to
 * the vnode is taken over on success. */
int __must_check open_vnode(struct vnode *vnode, uint32_t flags, struct file **file);
