/* SPDX-License-Identifier: MIT
 *
 * The mount table: which service's root covers which directory. Mounts are made
 * at boot and never go, so a mounted root, once seen, may be followed without the
 * lock.
 */
#include <kernel/boundary/service.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <kernel/proc/process.h>
#include <kernel/sync/spinlock.h>
#include <kernel/vfs/fs_proxies.h>
#include <kernel/vfs/namespace.h>
#include <kernel/vfs/path.h>
#include <kernel/vfs/vnode.h>
#include <linux/stat.h>

#define MOUNTS_MAX 16u

struct mount {
	struct service *service;
	char path[64];
};

static struct {
	struct spinlock lock;
	struct mount mounts[MOUNTS_MAX];
	unsigned int count;
	struct vnode *root;
} table = {.lock = SPINLOCK_INIT(mount_table)};

struct vnode *path_root(void)
{
	struct vnode *root = current_process() ? process_hold_root() : NULL;

	if (root)
		return root;
	root = __atomic_load_n(&table.root, __ATOMIC_ACQUIRE);
	return root ? vnode_hold(root) : NULL;
}

struct vnode *mount_on(struct vnode *directory)
{
	struct vnode *mounted = __atomic_load_n(&directory->mounted, __ATOMIC_ACQUIRE);

	return mounted ? vnode_hold(mounted) : NULL;
}

/* The directory to mount on, made when it is missing: one reference. */
static int mount_point(const char *path, struct vnode **point)
{
	int error = path_lookup(NULL, path, PATH_DIRECTORY, point);

	if (error != -ENOENT)
		return error;
	error = vfs_make(NULL, path, S_IFDIR | 0755, 0);
	return error ? error : path_lookup(NULL, path, PATH_DIRECTORY, point);
}

/* Enter the mount; takes over both references. */
static int attach(struct service *service, const char *path, struct vnode *root,
                  struct vnode *point)
{
	int error = 0;

	spin_lock(&table.lock);
	if (table.count == MOUNTS_MAX || strlen(path) >= sizeof(table.mounts[0].path))
		error = -ENOSPC;
	else if (point ? point->mounted != NULL : table.root != NULL)
		error = -EBUSY;
	if (!error) {
		struct mount *mount = &table.mounts[table.count++];

		mount->service = service;
		string_copy(mount->path, path, sizeof(mount->path));
		root->covered = point;
		if (point)
			__atomic_store_n(&point->mounted, root, __ATOMIC_RELEASE);
		else
			__atomic_store_n(&table.root, root, __ATOMIC_RELEASE);
	}
	spin_unlock(&table.lock);
	return error;
}

int mount_service(struct service *service, const char *path)
{
	struct vnode *root, *point = NULL;
	struct fs_attr attr = {0};
	long error = fs_root(service, &attr);

	if (error < 0)
		return (int)error;
	if (!S_ISDIR(attr.mode))
		return -ENOTDIR;
	if (strcmp(path, "/") != 0) {
		error = mount_point(path, &point);
		if (error)
			return (int)error;
	}
	root = vnode_get(service, &attr, NULL, vnode_moment(service));
	error = root ? attach(service, path, root, point) : -ENOMEM;
	if (error) {
		vnode_put(root);
		vnode_put(point);
	}
	return (int)error;
}

long mount_describe(char *buffer, uint64_t size)
{
	uint64_t length = 0;

	for (unsigned int i = 0; i < __atomic_load_n(&table.count, __ATOMIC_ACQUIRE); i++) {
		const struct mount *mount = &table.mounts[i];
		int line = format(buffer + length, size - length, "%s %s %s rw,relatime 0 0\n",
		                  mount->service->name, mount->path, mount->service->name);

		if (line < 0 || (uint64_t)line >= size - length)
			break; /* a line that does not fit is left out whole */
		length += (uint64_t)line;
	}
	return (long)length;
}
