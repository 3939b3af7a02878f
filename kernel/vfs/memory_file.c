/* SPDX-License-Identifier: MIT */
#include <kernel/vfs/memory_file.h>

#include <kernel/boundary/service.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/proc/process.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/fs_proxies.h>
#include <kernel/vfs/vnode.h>
#include <linux/fcntl.h>
#include <linux/stat.h>

#define NO_WRITES ((uint32_t)(F_SEAL_WRITE | F_SEAL_FUTURE_WRITE))
#define ALL_SEALS ((uint32_t)(F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW) | NO_WRITES)

/* The service whose memory is the truth: what lies there lies in memory alone. */
static struct service *memory_service(void)
{
	for (unsigned int i = 0; i < service_count; i++)
		if (services[i].recovery == SERVICE_ROLL_BACK)
			return &services[i];
	return NULL;
}

static int create(struct vnode **vnode)
{
	const struct process *process = current_process();
	struct fs_new new = {.mode = S_IFREG | 0777,
	                     .uid = process->credentials.user.filesystem,
	                     .gid = process->credentials.group.filesystem};
	struct service *service = memory_service();
	struct fs_attr root = {0}, attr = {0};
	uint64_t moment = service ? vnode_moment(service) : 0;
	long error = service ? fs_root(service, &root) : -ENOSYS;

	if (error >= 0)
		error = fs_create(service, root.object, NULL, &new, NULL, &attr);
	if (error < 0)
		return (int)error;
	*vnode = vnode_get(service, &attr, NULL, moment);
	if (*vnode) {
		(*vnode)->unlinked = true; /* it goes with its last reference */
		(*vnode)->nameless = true;
		return 0;
	}
	(void)fs_release(service, attr.object);
	return -ENOMEM;
}

long memory_file_open(const char *name, bool may_be_sealed, uint32_t flags)
{
	struct vnode *vnode = NULL;
	struct file *file;
	long result = create(&vnode);

	if (result)
		return result;
	vnode->seals = SEALS_ALLOWED | (may_be_sealed ? 0 : (uint32_t)F_SEAL_SEAL);
	result = vnode_open(vnode, O_RDWR | O_LARGEFILE, &file);
	if (result) {
		vnode_put(vnode);
		return result;
	}
	format(file->path, sizeof(file->path), "/memfd:%s (deleted)", name);
	result = file_install(file, 0, flags & O_CLOEXEC);
	if (result < 0)
		file_put(file);
	return result;
}

int vnode_add_seals(struct vnode *vnode, uint32_t seals)
{
	int error = 0;

	if (seals & ~ALL_SEALS)
		return -EINVAL;
	mutex_lock(&vnode->lock);
	if (!(vnode->seals & SEALS_ALLOWED))
		error = -EINVAL;
	else if (vnode->seals & F_SEAL_SEAL)
		error = -EPERM;
	else if ((seals & ~vnode->seals & F_SEAL_WRITE) &&
	         __atomic_load_n(&vnode->writable_maps, __ATOMIC_ACQUIRE) != 0)
		error = -EBUSY;
	else
		vnode->seals |= seals;
	mutex_unlock(&vnode->lock);
	return error;
}

long vnode_get_seals(struct vnode *vnode)
{
	uint32_t seals;

	mutex_lock(&vnode->lock);
	seals = vnode->seals;
	mutex_unlock(&vnode->lock);
	return seals & SEALS_ALLOWED ? (long)(seals & ALL_SEALS) : -EINVAL;
}

int seals_check_size(const struct vnode *vnode, uint64_t size)
{
	if ((vnode->seals & F_SEAL_GROW) && size > vnode->attr.size)
		return -EPERM;
	return (vnode->seals & F_SEAL_SHRINK) && size < vnode->attr.size ? -EPERM : 0;
}

int seals_check_write(const struct vnode *vnode, uint64_t size)
{
	if (vnode->seals & NO_WRITES)
		return -EPERM;
	return size > vnode->attr.size ? seals_check_size(vnode, size) : 0;
}

int vnode_begin_writable_map(struct vnode *vnode)
{
	int error = 0;

	mutex_lock(&vnode->lock);
	if (vnode->seals & NO_WRITES)
		error = -EPERM;
	else
		__atomic_fetch_add(&vnode->writable_maps, 1, __ATOMIC_RELAXED);
	mutex_unlock(&vnode->lock);
	return error;
}

void vnode_end_writable_map(struct vnode *vnode)
{
	__atomic_fetch_sub(&vnode->writable_maps, 1, __ATOMIC_RELEASE);
}
