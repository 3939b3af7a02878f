/* SPDX-License-Identifier: MIT
 *
 * The table of vnodes as the memory of names (names.c) sees it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#include <aramid/lock.h>
#include <kernel/sync/spinlock.h>

struct service;
struct vnode;

extern struct spinlock vnode_table_lock;

/* Whether a vnode stays in the table without a reference, and its memory is a vnode's for ever. */
bool vnode_may_idle(const struct vnode *vnode);

/* One reference to what may be, or have been, the vnode of an object: false when it is not (any
 * more). parent: the directory that it lies in. With the table's lock. */
bool __must_check vnode_revive(struct vnode *vnode, const struct service *service, uint64_t object,
                               struct vnode *parent) REQUIRES_LOCK(vnode_table_lock);
