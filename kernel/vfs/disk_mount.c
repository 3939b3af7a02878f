/* SPDX-License-Identifier: MIT
 *
 * One mount at a time comes or goes. A disk's holder is the file system that has it mounted.
 */
#include <kernel/block/block_batch.h>
#include <kernel/block/block_cache.h>
#include <kernel/block/disk.h>
#include <kernel/boundary/service.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <kernel/mm/heap.h>
#include <kernel/proc/process.h>
#include <kernel/vfs/disk_contents.h>
#include <kernel/vfs/disk_fs_proxies.h>
#include <kernel/vfs/disk_mount.h>
#include <kernel/vfs/disk_sync.h>
#include <kernel/vfs/mount.h>
#include <kernel/vfs/notify.h>
#include <kernel/vfs/path.h>
#include <kernel/vfs/vnode.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <linux/stat.h>

/* umount(2); Linux has them for itself. */
#define MNT_FORCE       1u
#define UMOUNT_NOFOLLOW 8u

#define FLAGS                                                                                      \
	((uint32_t)(MS_RDONLY | MS_REMOUNT | MS_SILENT | MS_NOATIME | MS_NODIRATIME | MS_RELATIME))

/* Before all other mutexes. */
static struct mutex mounting_lock = MUTEX_INIT(mounting_lock);

static struct service *service_of(const char *type)
{
	for (unsigned int i = 0; i < service_count; i++)
		if (services[i].on_disks && strcmp(services[i].name, type) == 0)
			return &services[i];
	return NULL;
}

/* What a mount is made of. */
struct mounting {
	struct service *service;
	uint32_t disk;
	uint32_t flags; /* MS_RDONLY */
};

/* What the file system has changed since it was asked for the last time, whoever asked. */
static int write_rest(uint32_t disk)
{
	mutex_lock(&block_cache_lock);
	block_cache_seal(disk);
	mutex_unlock(&block_cache_lock);
	return block_batch_write(disk, false);
}

/* A file system that fell has changed nothing: it is asked again. */
static int start(const struct mounting *mounting, struct fs_attr *root)
{
	long error = disk_fs_mount(mounting->service, mounting->disk, mounting->flags, root);

	if (error == -EIO)
		error = disk_fs_mount(mounting->service, mounting->disk, mounting->flags, root);
	/* The disk knows that it is mounted before anything on it is changed. */
	return error ? (int)error : disk_sync(mounting->service, mounting->disk);
}

static int end(const struct mounting *mounting)
{
	long error = disk_fs_unmount(mounting->service, mounting->disk, mounting->flags);

	if (error == -EIO)
		error = disk_fs_unmount(mounting->service, mounting->disk, mounting->flags);
	return error ? (int)error : write_rest(mounting->disk);
}

static void let_go(const struct mounting *mounting)
{
	disk_contents_forget(mounting->service, mounting->disk);
	block_cache_forget(mounting->disk);
	disk_let_go(disk_by_number(mounting->disk));
}

/* Where a directory is, as a user would say; NULL: it is to be the first root. */
static int attach(const struct mounting *mounting, const struct fs_attr *root, struct vnode *target)
{
	char *path = heap_alloc(&core_heap, PATH_MAX_BYTES);
	char source[] = "/dev/vda";
	const struct mount_words words = {source, mounting->service->name, path};
	long error = path ? 0 : -ENOMEM;

	source[sizeof(source) - 2] = (char)('a' + mounting->disk);
	if (path && target)
		error = path_of_directory(target, path, PATH_MAX_BYTES);
	else if (path)
		string_copy(path, "/", PATH_MAX_BYTES);
	if (error >= 0 && !target) {
		error = mount_attach(mounting->service, root, NULL, &words);
	} else if (error >= 0) {
		error = mount_attach(mounting->service, root, vnode_hold(target), &words);
		if (error)
			vnode_put(target);
	}
	heap_free(&core_heap, path);
	return (int)error;
}

static int mount_held(const struct mounting *mounting, struct vnode *target)
{
	struct fs_attr root;
	int error = start(mounting, &root);

	if (error)
		return error;
	error = attach(mounting, &root, target);
	if (error && end(mounting))
		log_line("disk %u: could not be unmounted", mounting->disk);
	return error;
}

static int check(const struct vnode *source, const struct vnode *target, uint32_t flags)
{
	if (!process_is_capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (flags & ~FLAGS)
		return -EINVAL;
	if (source && !S_ISBLK(source->attr.mode))
		return -ENOTBLK;
	if (source && source->attr.device >> 8 != DISK_MAJOR)
		return -ENXIO;
	return S_ISDIR(target->attr.mode) ? 0 : -ENOTDIR;
}

static int mount_on_target(const struct mounting *mounting, struct disk *disk, struct vnode *target)
{
	int error;

	mutex_lock(&mounting_lock);
	disk_sync_begin();
	error = disk_hold(disk, mounting->service, !(mounting->flags & MS_RDONLY));
	if (!error) {
		error = mount_held(mounting, target);
		if (error)
			let_go(mounting);
	}
	mutex_unlock(&mounting_lock);
	return error;
}

int disk_mount(struct vnode *source, struct vnode *target, const char *type, uint32_t flags)
{
	struct mounting mounting = {.service = service_of(type), .flags = flags & MS_RDONLY};
	int error = check(source, target, flags);
	struct disk *disk;

	if (error)
		return error;
	if (!mounting.service)
		return -ENODEV;
	mounting.disk = DISK_NUMBER(source->attr.device);
	disk = disk_by_number(mounting.disk);
	if (!disk)
		return -ENXIO;
	return mount_on_target(&mounting, disk, target);
}

int disk_mount_root(uint32_t number)
{
	struct disk *disk = disk_by_number(number);
	int error = -ENODEV;

	if (!disk)
		return -ENXIO;
	for (unsigned int i = 0; i < service_count; i++) {
		const struct mounting mounting = {
		        .service = &services[i],
		        .disk = number,
		        .flags = disk_is_read_only(disk) ? MS_RDONLY : 0,
		};

		if (!services[i].on_disks)
			continue;
		error = mount_on_target(&mounting, disk, NULL);
		/* Whatever it is, it is none of this one's. */
		if (error != -EINVAL)
			break;
	}
	return error;
}

/* Of a root that is mounted from a disk. */
static int mounting_of(const struct vnode *target, struct mounting *mounting)
{
	if (!target->service->on_disks || !mount_has_root(target))
		return -EINVAL;
	*mounting = (struct mounting){
	        .service = target->service,
	        .disk = DISK_OF_OBJECT(target->object),
	        .flags = vnode_is_read_only(target) ? MS_RDONLY : 0,
	};
	return 0;
}

/* Written back and begun anew, for writing or not. */
static int change(struct mounting *mounting, uint32_t flags)
{
	struct disk *disk = disk_by_number(mounting->disk);
	struct fs_attr root;
	int error = disk_sync(mounting->service, mounting->disk);

	if (!error)
		error = end(mounting);
	if (error)
		return error;
	mounting->flags = flags & MS_RDONLY;
	error = disk_make_writable(disk, !mounting->flags);
	/* Who was in time to write before that. */
	if (!error)
		error = mounting->flags ? write_rest(mounting->disk) : 0;
	if (!error)
		error = start(mounting, &root);
	if (error && disk_make_writable(disk, false))
		log_line("disk %u: cannot be kept from writes", mounting->disk);
	return error;
}

int disk_remount(struct vnode *target, uint32_t flags)
{
	struct mounting mounting;
	int error = check(NULL, target, flags);

	if (error)
		return error;
	mutex_lock(&mounting_lock);
	error = mounting_of(target, &mounting);
	if (!error && mounting.flags != (flags & MS_RDONLY))
		error = change(&mounting, flags);
	mutex_unlock(&mounting_lock);
	return error;
}

static int unmount(struct vnode *target, const struct mounting *mounting, bool force)
{
	int error = disk_sync(mounting->service, mounting->disk);

	if (error && !force)
		return error;
	error = mount_detach(target);
	if (error)
		return error;
	notify_unmounted(mounting->service, mounting->disk);
	/* What was written since then; nobody can come to it any more. */
	error = disk_sync(mounting->service, mounting->disk);
	if (!error)
		error = end(mounting);
	let_go(mounting);
	return force ? 0 : error;
}

int disk_unmount(struct vnode *target, uint32_t flags)
{
	struct mounting mounting;
	int error;

	if (!process_is_capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (flags & ~(uint32_t)(MNT_FORCE | UMOUNT_NOFOLLOW))
		return -EINVAL;
	mutex_lock(&mounting_lock);
	error = mounting_of(target, &mounting);
	if (!error)
		error = unmount(target, &mounting, flags & MNT_FORCE);
	mutex_unlock(&mounting_lock);
	return error;
}

void disk_mounts_end(void)
{
	mutex_lock(&mounting_lock);
	for (unsigned int i = 0; i < service_count; i++)
		for (uint32_t number = 0; services[i].on_disks && number < DISKS_MAX; number++) {
			struct mounting mounting = {.service = &services[i], .disk = number};
			const struct disk *disk = disk_by_number(number);

			if (disk && disk_is_held_by(disk, &services[i]) &&
			    disk_may_be_written(disk) && change(&mounting, MS_RDONLY))
				log_line("disk %u: not all could be written", number);
		}
	mutex_unlock(&mounting_lock);
}
