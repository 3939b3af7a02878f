/* SPDX-License-Identifier: MIT
 *
 * Where an object was found: the directory always, and the name there where somebody wants to know
 * it (notify.h). Both may be those of a name that is no more.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/check.h>
#include <kernel/mm/heap.h>
#include <kernel/vfs/fs.h>
#include <kernel/vfs/vnode.h>
#include <kernel/vfs/vnode_table.h>

struct vnode_name {
	bool removed; /* the object has lost it */
	char text[];
};

struct vnode_place {
	uint64_t directory; /* its object; 0: the vnode was found in none */
	bool removed;
	char name[FS_NAME_MAX + 1]; /* "": not known */
};

/* It was found in a directory. With the table's lock. */
static inline void vnode_found_in(struct vnode *vnode, const struct vnode *directory)
        REQUIRES_LOCK(vnode_table_lock)
{
	if (vnode->directory == directory->object)
		return;
	vnode->directory = directory->object;
	heap_free(&core_heap, vnode->name);
	vnode->name = NULL;
}

/* The last reference goes. With the table's lock. */
void vnode_forget_names(struct vnode *vnode) REQUIRES_LOCK(vnode_table_lock);

/* The path by which it was mapped first since it was last referred to, for /proc/PID/maps. */
void vnode_note_mapped(struct vnode *vnode, const char *path);
void vnode_mapped_path(struct vnode *vnode, char *path, uint64_t size);

void vnode_read_place(struct vnode *vnode, struct vnode_place *place);

/* It has this name in this directory, or had. Without memory the name is not known. */
void vnode_set_place(struct vnode *vnode, const struct vnode *directory, const char *name,
                     bool removed);
/* The same for a directory that is known to be the one: nothing happens if it is not any more. */
void vnode_set_name(struct vnode *vnode, uint64_t directory, const char *name);
/* It lies in this directory, under a name that is not known. */
void vnode_lies_in(struct vnode *vnode, const struct vnode *directory);
