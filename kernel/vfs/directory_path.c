/* SPDX-License-Identifier: MIT
 *
 * The path of a directory (getcwd(2)): from it up to the root, asking each parent
 * for the name. Written from the end of the buffer forwards.
 */
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/vfs/directory_read.h>
#include <kernel/vfs/fs_proxies.h>
#include <kernel/vfs/path.h>
#include <kernel/vfs/vnode.h>

#define BATCH 8u

long directory_find_name(struct service *service, uint64_t directory, uint64_t object, char *name)
{
	struct fs_entry *entries = heap_alloc(&core_heap, BATCH * sizeof(*entries));
	uint64_t cookie = 0;
	long count;

	if (!entries)
		return -ENOMEM;
	for (;;) {
		count = fs_readdir(service, directory, cookie, entries, BATCH * sizeof(*entries));
		if (count <= 0 || count > BATCH) {
			count = count < 0 ? count : -ENOENT;
			break;
		}
		for (long i = 0; i < count; i++)
			if (entries[i].object == object) {
				string_copy(name, entries[i].name, FS_NAME_MAX + 1);
				heap_free(&core_heap, entries);
				return 0;
			}
		cookie = entries[count - 1].cookie;
	}
	heap_free(&core_heap, entries);
	return count;
}

/* Below every mount that covers it: the directory whose name the parent knows. */
static struct vnode *uncovered(struct vnode *directory)
{
	while (directory->covered)
		directory = directory->covered;
	return directory;
}

long path_of_directory(struct vnode *directory, char *buffer, uint64_t size)
{
	struct vnode *root = path_root(), *at = vnode_hold(directory);
	char name[FS_NAME_MAX + 1];
	uint64_t start = size;
	long error = 0;

	while (at != root && !error) {
		struct vnode *named = uncovered(at);
		struct vnode *parent = vnode_parent(at);
		size_t length;

		/* The system's root, from outside of a process's own: the end all the same. */
		if (parent == named) {
			vnode_put(parent);
			break;
		}
		error = directory_find_name(parent->service, parent->object, named->object, name);
		length = error ? 0 : strlen(name);
		if (!error && length + 2 > start)
			error = -ENAMETOOLONG;
		if (!error) {
			start -= length + 1;
			buffer[start] = '/';
			memcpy(buffer + start + 1, name, length);
		}
		vnode_put(at);
		at = parent;
	}
	vnode_put(at);
	vnode_put(root);
	if (error)
		return error;
	if (start == size) {
		if (size < 2)
			return -ENAMETOOLONG;
		buffer[--start] = '/';
	}
	memmove(buffer, buffer + start, size - start);
	if (size - start == size)
		return -ENAMETOOLONG;
	buffer[size - start] = '\0';
	return (long)(size - start);
}
