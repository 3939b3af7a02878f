/* SPDX-License-Identifier: MIT
 *
 * The table of live vnodes. No vnode outlives its last reference: what a service
 * forgets, the core has forgotten too.
 */
#include <kernel/boundary/service.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/sync/spinlock.h>
#include <kernel/vfs/fs_proxies.h>
#include <kernel/vfs/page_store.h>
#include <kernel/vfs/vnode.h>
#include <linux/stat.h>

#define VNODE_BUCKETS 256u

static struct {
	struct spinlock lock;
	struct list buckets[VNODE_BUCKETS];
	uint64_t count;
	uint64_t departures; /* vnodes that went, ever */
	bool ready;
} table = {.lock = SPINLOCK_INIT(vnode_table)};

static struct list *bucket_of(const struct service *service, uint64_t object)
{
	uint64_t key = object * 0x9e3779b97f4a7c15UL + service->owner;

	return &table.buckets[(key >> 32) % VNODE_BUCKETS];
}

static void lock_table(void) ACQUIRES_LOCK(table.lock)
{
	spin_lock(&table.lock);
	if (!table.ready) {
		for (unsigned int i = 0; i < VNODE_BUCKETS; i++)
			list_init(&table.buckets[i]);
		table.ready = true;
	}
}

static struct vnode *find_locked(struct service *service, uint64_t object)
{
	struct list *bucket = bucket_of(service, object), *node, *scratch;

	list_for_each(node, scratch, bucket)
	{
		struct vnode *vnode = list_entry(node, struct vnode, link);

		if (vnode->service == service && vnode->object == object) {
			vnode->references++;
			return vnode;
		}
	}
	return NULL;
}

static struct vnode *create(struct service *service, const struct fs_attr *attr,
                            struct vnode *parent)
{
	struct vnode *vnode = heap_alloc(&core_heap, sizeof(*vnode));

	if (!vnode)
		return NULL;
	vnode->service = service;
	vnode->object = attr->object;
	vnode->attr = *attr;
	vnode->references = 1;
	mutex_init(&vnode->lock);
	if (parent && S_ISDIR(attr->mode))
		vnode->parent = vnode_hold(parent);
	return vnode;
}

uint64_t vnode_moment(void)
{
	return __atomic_load_n(&table.departures, __ATOMIC_ACQUIRE);
}

struct vnode *vnode_get(struct service *service, const struct fs_attr *attr, struct vnode *parent,
                        uint64_t moment)
{
	struct vnode *vnode, *fresh = NULL;

	lock_table();
	vnode = find_locked(service, attr->object);
	spin_unlock(&table.lock);
	if (!vnode) {
		fresh = create(service, attr, parent);
		if (!fresh)
			return NULL;
		lock_table();
		vnode = find_locked(service, attr->object); /* made by another CPU meanwhile? */
		if (!vnode) {
			list_add_tail(bucket_of(service, attr->object), &fresh->link);
			table.count++;
			/* A vnode of this object may have lived, been changed and gone since
			 * the service was asked: then the answer is old. */
			fresh->stale = table.departures != moment;
			vnode = fresh;
			fresh = NULL;
		}
		spin_unlock(&table.lock);
	}
	if (fresh) {
		vnode_put(fresh->parent);
		heap_free(&core_heap, fresh);
	}
	/* A live vnode knows better than an answer that was under way while it changed; where
	 * the service alone knows (direct files), the answer is what there is. */
	if (attr->flags & FS_ATTR_DIRECT)
		vnode->attr = *attr;
	return vnode;
}

struct vnode *vnode_hold(struct vnode *vnode)
{
	spin_lock(&table.lock);
	vnode->references++;
	spin_unlock(&table.lock);
	return vnode;
}

/* The service may forget an object that has no name any more. Told twice when it fell over the
 * first time: a fall undid what it had done, so the object would stay for ever. */
static void release(struct vnode *vnode)
{
	if (fs_release(vnode->service, vnode->object) == -EIO)
		(void)fs_release(vnode->service, vnode->object);
}

void vnode_put(struct vnode *vnode)
{
	/* A directory's last reference gives up one of its parent's: a loop, since paths are
	 * longer than a kernel stack. */
	while (vnode) {
		struct vnode *parent;

		spin_lock(&table.lock);
		if (--vnode->references > 0) {
			spin_unlock(&table.lock);
			return;
		}
		list_remove(&vnode->link);
		table.count--;
		table.departures++;
		spin_unlock(&table.lock);
		parent = vnode->parent;
		if (vnode->unlinked)
			release(vnode);
		page_store_put(vnode->store);
		heap_free(&core_heap, vnode);
		vnode = parent;
	}
}

struct vnode *vnode_parent(struct vnode *directory)
{
	struct vnode *parent;

	/* The root of a mounted file system lies where it was mounted; mounts never go. */
	while (directory->covered)
		directory = directory->covered;
	spin_lock(&table.lock);
	parent = directory->parent ? directory->parent : directory;
	parent->references++;
	spin_unlock(&table.lock);
	return parent;
}

void vnode_set_parent(struct vnode *directory, struct vnode *parent)
{
	struct vnode *before;

	spin_lock(&table.lock);
	parent->references++;
	before = directory->parent;
	directory->parent = parent;
	spin_unlock(&table.lock);
	vnode_put(before);
}

uint64_t vnode_count(void)
{
	return __atomic_load_n(&table.count, __ATOMIC_RELAXED);
}
