/* SPDX-License-Identifier: MIT
 *
 * What names in directories stand for, as far as the core remembers it (decision 17): an answer of
 * the service's that is asked for again costs no call. Bounded; it holds no reference, and what it
 * says is true or nothing:
 *
 * - only of services that roll back, whose names nothing but the core's calls changes;
 * - a change is remembered, or the name forgotten, by who makes it, who holds the directory's lock
 *   from before it to then: whoever finds what was there before has come before the change. What
 *   the service undid, since it fell, has not changed;
 * - it is remembered under that lock alone;
 * - the repair of a service makes all of it old, and while the service does not run nothing is
 *   found.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct vnode;

/* Whether it is known what a name stands for: *child, one reference, or NULL when the directory
 * has no such name. No lock is needed; mounts are not crossed. */
bool names_find(struct vnode *directory, const char *name, struct vnode **child);

/* In place of what was known. child: NULL when there is none. moment: before the service was asked
 * (vnode_moment). */
void names_remember(struct vnode *directory, const char *name, struct vnode *child,
                    uint64_t moment);

void names_forget(struct vnode *directory, const char *name);
