/* SPDX-License-Identifier: MIT
 *
 * Mounts are looked at with the table's lock: who finds a root there has a reference to it before
 * it can be unmounted.
 */
#include <kernel/boundary/service.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <kernel/proc/process.h>
#include <kernel/sync/spinlock.h>
#include <kernel/vfs/fs_proxies.h>
#include <kernel/vfs/mount.h>
#include <kernel/vfs/namespace.h>
#include <kernel/vfs/path.h>
#include <kernel/vfs/vnode.h>
#include <linux/stat.h>

#define MOUNTS_MAX 16u

struct mount {
	struct vnode *root; /* one reference */
	char source[32], type[16], path[MOUNT_WORD_MAX + 1];
};

static struct {
	struct spinlock lock;
	struct mount mounts[MOUNTS_MAX]; /* in the order of mounting */
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
	struct vnode *mounted;

	if (!__atomic_load_n(&directory->mounted, __ATOMIC_ACQUIRE))
		return NULL;
	spin_lock(&table.lock);
	mounted = directory->mounted ? vnode_hold(directory->mounted) : NULL;
	spin_unlock(&table.lock);
	return mounted;
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

static bool is_blank(char letter)
{
	return letter == ' ' || letter == '\t' || letter == '\n' || letter == '\\';
}

static bool fits(const struct mount_words *words)
{
	uint64_t length = strlen(words->path);

	for (const char *letter = words->path; *letter; letter++)
		length += is_blank(*letter) ? 3 : 0;
	return strlen(words->source) < sizeof(table.mounts[0].source) &&
	       strlen(words->type) < sizeof(table.mounts[0].type) && length <= MOUNT_WORD_MAX;
}

/* Blanks are written as \ooo (proc(5), getmntent(3)), so that a line has its fields. */
static void copy_path(char *to, const char *path)
{
	for (; *path; path++) {
		if (!is_blank(*path)) {
			*to++ = *path;
			continue;
		}
		*to++ = '\\';
		for (int shift = 6; shift >= 0; shift -= 3)
			*to++ = (char)('0' + (*path >> shift & 7));
	}
	*to = '\0';
}

/* Takes over both references. */
static int enter(struct vnode *root, struct vnode *point, const struct mount_words *words)
{
	int error = 0;

	spin_lock(&table.lock);
	if (!fits(words))
		error = -ENAMETOOLONG;
	else if (table.count == MOUNTS_MAX)
		error = -ENOSPC;
	else if (point ? point->mounted != NULL : table.root != NULL)
		error = -EBUSY;
	if (!error) {
		struct mount *mount = &table.mounts[table.count++];

		mount->root = root;
		string_copy(mount->source, words->source, sizeof(mount->source));
		string_copy(mount->type, words->type, sizeof(mount->type));
		copy_path(mount->path, words->path);
		root->covered = point;
		if (point)
			__atomic_store_n(&point->mounted, root, __ATOMIC_RELEASE);
		else
			__atomic_store_n(&table.root, root, __ATOMIC_RELEASE);
	}
	spin_unlock(&table.lock);
	return error;
}

int mount_attach(struct service *service, const struct fs_attr *attr, struct vnode *point,
                 const struct mount_words *words)
{
	struct vnode *root = vnode_get(service, attr, NULL, vnode_moment(service));
	int error = root ? enter(root, point, words) : -ENOMEM;

	if (error)
		vnode_put(root);
	return error;
}

static struct mount *find(const struct vnode *root)
{
	for (unsigned int i = 0; i < table.count; i++)
		if (table.mounts[i].root == root)
			return &table.mounts[i];
	return NULL;
}

bool mount_has_root(const struct vnode *root)
{
	bool found;

	spin_lock(&table.lock);
	found = find(root) != NULL;
	spin_unlock(&table.lock);
	return found;
}

int mount_detach(struct vnode *root)
{
	struct vnode *point;
	struct mount *mount;
	int error = 0;

	spin_lock(&table.lock);
	mount = find(root);
	point = root->covered;
	if (!mount)
		error = -EINVAL;
	else if (!point || !vnode_is_last_of_file_system(root, 2))
		error = -EBUSY;
	if (!error) {
		__atomic_store_n(&point->mounted, NULL, __ATOMIC_RELEASE);
		root->covered = NULL;
		table.count--;
		for (; mount < table.mounts + table.count; mount++)
			*mount = mount[1];
	}
	spin_unlock(&table.lock);
	if (!error) {
		vnode_put(root);
		vnode_put(point);
	}
	return error;
}

int mount_service(struct service *service, const char *path)
{
	const struct mount_words words = {service->name, service->name, path};
	struct vnode *point = NULL;
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
	error = mount_attach(service, &attr, point, &words);
	if (error)
		vnode_put(point);
	return (int)error;
}

long mount_describe(char *buffer, uint64_t size)
{
	uint64_t length = 0;

	spin_lock(&table.lock);
	for (unsigned int i = 0; i < table.count; i++) {
		const struct mount *mount = &table.mounts[i];
		int line = format(buffer + length, size - length, "%s %s %s %s,relatime 0 0\n",
		                  mount->source, mount->path, mount->type,
		                  vnode_is_read_only(mount->root) ? "ro" : "rw");

		if (line < 0 || (uint64_t)line >= size - length)
			break; /* a line that does not fit is left out whole */
		length += (uint64_t)line;
	}
	spin_unlock(&table.lock);
	return (long)length;
}
