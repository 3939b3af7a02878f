/* SPDX-License-Identifier: MIT */
#include <kernel/vfs/vnode_name.h>

#include <kernel/lib/string.h>

void vnode_read_place(struct vnode *vnode, struct vnode_place *place)
{
	spin_lock(&vnode_table_lock);
	place->directory = vnode->directory;
	place->removed = vnode->name && vnode->name->removed;
	string_copy(place->name, vnode->name ? vnode->name->text : "", sizeof(place->name));
	spin_unlock(&vnode_table_lock);
}

static struct vnode_name *make_name(const char *text, bool removed)
{
	size_t size = strlen(text) + 1;
	struct vnode_name *name = heap_alloc(&core_heap, sizeof(*name) + size);

	if (!name)
		return NULL;
	name->removed = removed;
	memcpy(name->text, text, size);
	return name;
}

static void set_locked(struct vnode *vnode, struct vnode_name *name) REQUIRES_LOCK(vnode_table_lock)
{
	heap_free(&core_heap, vnode->name);
	vnode->name = name;
}

void vnode_set_place(struct vnode *vnode, const struct vnode *directory, const char *text,
                     bool removed)
{
	struct vnode_name *name = make_name(text, removed);

	spin_lock(&vnode_table_lock);
	vnode_found_in(vnode, directory);
	set_locked(vnode, name);
	spin_unlock(&vnode_table_lock);
}

void vnode_set_name(struct vnode *vnode, uint64_t directory, const char *text)
{
	struct vnode_name *name = make_name(text, false);
	bool is_there;

	spin_lock(&vnode_table_lock);
	is_there = vnode->directory == directory;
	if (is_there)
		set_locked(vnode, name);
	spin_unlock(&vnode_table_lock);
	if (!is_there)
		heap_free(&core_heap, name);
}

void vnode_lies_in(struct vnode *vnode, const struct vnode *directory)
{
	spin_lock(&vnode_table_lock);
	vnode_found_in(vnode, directory);
	set_locked(vnode, NULL);
	spin_unlock(&vnode_table_lock);
}

void vnode_forget_names(struct vnode *vnode)
{
	if (vnode->name)
		set_locked(vnode, NULL);
	if (vnode->mapped_path) {
		heap_free(&core_heap, vnode->mapped_path);
		vnode->mapped_path = NULL;
	}
}

void vnode_note_mapped(struct vnode *vnode, const char *path)
{
	size_t size = strlen(path) + 1;
	char *copy;

	if (__atomic_load_n(&vnode->mapped_path, __ATOMIC_ACQUIRE))
		return;
	copy = heap_alloc(&core_heap, size);
	if (!copy)
		return;
	memcpy(copy, path, size);
	spin_lock(&vnode_table_lock);
	if (!vnode->mapped_path) {
		__atomic_store_n(&vnode->mapped_path, copy, __ATOMIC_RELEASE);
		copy = NULL;
	}
	spin_unlock(&vnode_table_lock);
	heap_free(&core_heap, copy);
}

void vnode_mapped_path(struct vnode *vnode, char *path, uint64_t size)
{
	spin_lock(&vnode_table_lock);
	string_copy(path, vnode->mapped_path ? vnode->mapped_path : "", size);
	spin_unlock(&vnode_table_lock);
}
