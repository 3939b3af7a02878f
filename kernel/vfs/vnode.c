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
	struct list free_spares;
	bool ready;
} table = {.lock = SPINLOCK_INIT(vnode_table)};

/* Most vnodes live for one step of a path: memory that is at hand serves them without the heap.
 * Linked by their first list node while they are free. */
#define SPARES 64u
static struct vnode spares[SPARES];

static bool is_spare(const struct vnode *vnode)
{
	return vnode >= spares && vnode < spares + SPARES;
}

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
		list_init(&table.free_spares);
		for (unsigned int i = 0; i < SPARES; i++)
			list_add_tail(&table.free_spares, &spares[i].link);
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

static struct vnode *take_spare_locked(void)
{
	struct list *link = table.free_spares.next;

	if (link == &table.free_spares)
		return NULL;
	list_remove(link);
	return list_entry(link, struct vnode, link);
}

static void free_vnode(struct vnode *vnode)
{
	if (!is_spare(vnode)) {
		heap_free(&core_heap, vnode);
		return;
	}
	spin_lock(&table.lock);
	list_add_after(&table.free_spares, &vnode->link); /* the warmest first */
	spin_unlock(&table.lock);
}

uint64_t vnode_moment(void)
{
	return __atomic_load_n(&table.departures, __ATOMIC_ACQUIRE);
}

/* Enter a new vnode, whose memory is zero or was one before. */
static void insert_locked(struct vnode *vnode, struct service *service, const struct fs_attr *attr,
                          struct vnode *parent, uint64_t moment)
{
	*vnode = (struct vnode){.service = service, .object = attr->object, .references = 1};
	vnode->attr = *attr;
	mutex_init(&vnode->lock);
	if (parent && S_ISDIR(attr->mode)) {
		parent->references++;
		vnode->parent = parent;
	}
	/* A vnode of this object may have lived, been changed and gone since the service was
	 * asked: then the answer is old. */
	vnode->stale = table.departures != moment;
	list_add_tail(bucket_of(service, attr->object), &vnode->link);
	table.count++;
}

struct vnode *vnode_get(struct service *service, const struct fs_attr *attr, struct vnode *parent,
                        uint64_t moment)
{
	struct vnode *vnode, *fresh;

	lock_table();
	vnode = find_locked(service, attr->object);
	fresh = vnode ? NULL : take_spare_locked();
	if (!vnode && !fresh) {
		spin_unlock(&table.lock);
		fresh = heap_alloc(&core_heap, sizeof(*fresh));
		if (!fresh)
			return NULL;
		spin_lock(&table.lock);
		vnode = find_locked(service, attr->object); /* made by another CPU meanwhile? */
	}
	if (!vnode) {
		insert_locked(fresh, service, attr, parent, moment);
		vnode = fresh;
		fresh = NULL;
	}
	spin_unlock(&table.lock);
	heap_free(&core_heap, fresh);
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
		if (vnode->store)
			page_store_put(vnode->store);
		free_vnode(vnode);
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
