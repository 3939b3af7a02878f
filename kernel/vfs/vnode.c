/* SPDX-License-Identifier: MIT
 *
 * The table of vnodes. Those of services that roll back stay when their last reference goes, idle,
 * until their memory is wanted: the one that has been idle for longest goes first. All others go
 * with their last reference: what a service forgets, the core has forgotten too.
 */
#include <kernel/block/disk.h>
#include <kernel/boundary/service.h>
#include <kernel/lib/errno.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/sync/spinlock.h>
#include <kernel/vfs/disk_fs.h>
#include <kernel/vfs/fs_proxies.h>
#include <kernel/vfs/notify.h>
#include <kernel/vfs/page_store.h>
#include <kernel/vfs/vnode.h>
#include <kernel/vfs/vnode_name.h>
#include <kernel/vfs/vnode_table.h>
#include <linux/stat.h>

#define VNODE_BUCKETS 256u

struct spinlock vnode_table_lock = SPINLOCK_INIT(vnode_table);

static struct {
	struct list buckets[VNODE_BUCKETS];
	struct list idle;    /* the oldest first */
	uint64_t count;      /* of those with a reference */
	uint32_t departures; /* vnodes that went, ever */
	struct list free_spares;
	bool ready;
} table;

/* Most vnodes live for one step of a path: memory that is at hand serves them without the heap,
 * and keeps them while they are idle. Linked by their first list node while they are free. */
#define SPARES 256u
static struct vnode spares[SPARES];

static bool is_spare(const struct vnode *vnode)
{
	return vnode >= spares && vnode < spares + SPARES;
}

bool vnode_may_idle(const struct vnode *vnode)
{
	return is_spare(vnode) && vnode->service->recovery == SERVICE_ROLL_BACK;
}

static struct list *bucket_of(const struct service *service, uint64_t object)
{
	uint64_t key = object * 0x9e3779b97f4a7c15UL + service->owner;

	return &table.buckets[(key >> 32) % VNODE_BUCKETS];
}

static void lock_table(void) ACQUIRES_LOCK(vnode_table_lock)
{
	spin_lock(&vnode_table_lock);
	if (!table.ready) {
		for (unsigned int i = 0; i < VNODE_BUCKETS; i++)
			list_init(&table.buckets[i]);
		list_init(&table.idle);
		list_init(&table.free_spares);
		for (unsigned int i = 0; i < SPARES; i++)
			list_add_tail(&table.free_spares, &spares[i].link);
		table.ready = true;
	}
}

/* One more reference. The first one after a rest makes it what it was: a directory again knows
 * where it lies. */
static void take_locked(struct vnode *vnode, struct vnode *parent) REQUIRES_LOCK(vnode_table_lock)
{
	if (parent)
		vnode_found_in(vnode, parent);
	if (__atomic_fetch_add(&vnode->references, 1, __ATOMIC_RELAXED) > 0)
		return;
	list_remove(&vnode->idle);
	table.count++;
	if (parent && S_ISDIR(vnode->attr.mode))
		vnode->parent = vnode_hold(parent);
}

bool vnode_revive(struct vnode *vnode, const struct service *service, uint64_t object,
                  struct vnode *parent)
{
	if (vnode->service != service || vnode->object != object)
		return false;
	take_locked(vnode, parent);
	return true;
}

static struct vnode *find_locked(struct service *service, uint64_t object, struct vnode *parent)
        REQUIRES_LOCK(vnode_table_lock)
{
	struct list *bucket = bucket_of(service, object), *node, *scratch;

	list_for_each(node, scratch, bucket)
	{
		struct vnode *vnode = list_entry(node, struct vnode, link);

		if (vnode->service == service && vnode->object == object) {
			take_locked(vnode, parent);
			/* A repair may have made it another one than the core knew. */
			if (vnode->repairs != service->repairs) {
				vnode->repairs = service->repairs;
				vnode->suspect = true;
				vnode_outdated(vnode);
			}
			return vnode;
		}
	}
	return NULL;
}

/* Out of the table, with what is known of the object. */
static void depart_locked(struct vnode *vnode)
{
	list_remove(&vnode->link);
	vnode->service = NULL;
	table.departures++;
}

static struct vnode *take_spare_locked(void)
{
	struct list *link = table.free_spares.next;
	struct vnode *oldest;

	if (link != &table.free_spares) {
		list_remove(link);
		return list_entry(link, struct vnode, link);
	}
	if (list_empty(&table.idle))
		return NULL;
	oldest = list_entry(table.idle.next, struct vnode, idle);
	list_remove(&oldest->idle);
	depart_locked(oldest);
	return oldest;
}

static void free_vnode(struct vnode *vnode)
{
	if (!is_spare(vnode)) {
		heap_free(&core_heap, vnode);
		return;
	}
	spin_lock(&vnode_table_lock);
	list_add_after(&table.free_spares, &vnode->link); /* the warmest first */
	spin_unlock(&vnode_table_lock);
}

uint64_t vnode_moment(const struct service *service)
{
	return (uint64_t)service->repairs << 32 |
	       __atomic_load_n(&table.departures, __ATOMIC_ACQUIRE);
}

/* Enter a new vnode, whose memory is zero or was one before. old: a vnode of this object may have
 * lived, been changed and gone, or the service was repaired, since it was asked. */
static void insert_locked(struct vnode *vnode, struct service *service, const struct fs_attr *attr,
                          struct vnode *parent, bool old)
{
	*vnode = (struct vnode){.service = service, .object = attr->object, .references = 1};
	vnode->attr = *attr;
	vnode->repairs = service->repairs;
	vnode->stale = vnode->suspect = old;
	mutex_init(&vnode->lock);
	list_init(&vnode->idle);
	vnode->directory = parent ? parent->object : 0;
	if (parent && S_ISDIR(attr->mode))
		vnode->parent = vnode_hold(parent);
	list_add_tail(bucket_of(service, attr->object), &vnode->link);
	table.count++;
}

struct vnode *vnode_get(struct service *service, const struct fs_attr *attr, struct vnode *parent,
                        uint64_t moment)
{
	struct vnode *vnode, *fresh;
	bool old;

	lock_table();
	old = moment != vnode_moment(service);
	vnode = find_locked(service, attr->object, parent);
	fresh = vnode ? NULL : take_spare_locked();
	if (!vnode && !fresh) {
		spin_unlock(&vnode_table_lock);
		fresh = heap_alloc(&core_heap, sizeof(*fresh));
		if (!fresh)
			return NULL;
		spin_lock(&vnode_table_lock);
		old = moment != vnode_moment(service);
		/* made by another CPU meanwhile? */
		vnode = find_locked(service, attr->object, parent);
	}
	if (!vnode) {
		insert_locked(fresh, service, attr, parent, old);
		vnode = fresh;
		fresh = NULL;
	}
	spin_unlock(&vnode_table_lock);
	heap_free(&core_heap, fresh);
	/* A live vnode knows better than an answer that was under way while it changed; where
	 * the service alone knows (direct files), the answer is what there is. */
	if (attr->flags & FS_ATTR_DIRECT)
		vnode->attr = *attr;
	return vnode;
}

/* Contents of an object on a disk that has no name any more, and that nobody can find again: they
 * go before its number is another's. */
static void forget_contents(struct service *service, uint64_t object)
{
	struct fs_attr attr;
	long error = service->on_disks ? fs_getattr(service, object, &attr) : 0;

	if (service->on_disks && (error == -ENOENT || (!error && attr.links == 0)))
		page_store_destroy(core_rights.pages, service, object);
}

/* The service may forget an object that has no name any more. Told twice when it fell over the
 * first time: a fall undid what it had done, so the object would stay for ever. */
static void release(struct service *service, uint64_t object)
{
	forget_contents(service, object);
	if (fs_release(service, object) == -EIO)
		(void)fs_release(service, object);
	notify_released(service, object);
}

/* Whether it was not the last reference, which is taken with the table's lock. */
static bool put_one_of_several(struct vnode *vnode)
{
	uint32_t references = __atomic_load_n(&vnode->references, __ATOMIC_RELAXED);

	while (references > 1)
		if (__atomic_compare_exchange_n(&vnode->references, &references, references - 1,
		                                true, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
			return true;
	return false;
}

/* What a vnode gives up with its last reference. */
struct remains {
	struct service *service; /* of an object without a name, else NULL */
	uint64_t object;
	struct page_store *store;
	bool on_disk;
	struct vnode *parent;
	struct vnode *memory; /* NULL: it stays, idle */
};

/* Whether it was the last reference. */
static bool put_last(struct vnode *vnode, struct remains *remains)
{
	spin_lock(&vnode_table_lock);
	if (__atomic_sub_fetch(&vnode->references, 1, __ATOMIC_ACQ_REL) > 0) {
		spin_unlock(&vnode_table_lock);
		return false;
	}
	table.count--;
	*remains = (struct remains){
	        .service = vnode->unlinked ? vnode->service : NULL,
	        .object = vnode->object,
	        .store = vnode->store,
	        .on_disk = vnode->service->on_disks,
	        .parent = vnode->parent,
	};
	vnode->store = NULL;
	vnode->parent = NULL;
	vnode_forget_names(vnode);
	if (!vnode->unlinked && vnode_may_idle(vnode)) {
		list_add_tail(&table.idle, &vnode->idle);
	} else {
		depart_locked(vnode);
		remains->memory = vnode;
	}
	spin_unlock(&vnode_table_lock);
	return true;
}

void vnode_put(struct vnode *vnode)
{
	struct remains remains;

	/* A directory's last reference gives up one of its parent's: a loop, since paths are
	 * longer than a kernel stack. */
	while (vnode && !put_one_of_several(vnode) && put_last(vnode, &remains)) {
		if (remains.service)
			release(remains.service, remains.object);
		/* Nobody has it mapped any more. */
		if (remains.store && remains.on_disk)
			page_store_keep_marks(remains.store, false);
		if (remains.store)
			page_store_put(remains.store);
		if (remains.memory)
			free_vnode(remains.memory);
		vnode = remains.parent;
	}
}

struct vnode *vnode_parent(struct vnode *directory)
{
	struct vnode *parent;

	/* The root of a mounted file system lies where it was mounted, as long as the caller has
	 * it. */
	while (directory->covered)
		directory = directory->covered;
	spin_lock(&vnode_table_lock);
	parent = vnode_hold(directory->parent ? directory->parent : directory);
	spin_unlock(&vnode_table_lock);
	return parent;
}

void vnode_set_parent(struct vnode *directory, struct vnode *parent)
{
	struct vnode *before;

	spin_lock(&vnode_table_lock);
	before = directory->parent;
	directory->parent = vnode_hold(parent);
	spin_unlock(&vnode_table_lock);
	vnode_put(before);
}

bool vnode_same_file_system(const struct vnode *a, const struct vnode *b)
{
	return a->service == b->service &&
	       (!a->service->on_disks || DISK_OF_OBJECT(a->object) == DISK_OF_OBJECT(b->object));
}

bool vnode_is_last_of_file_system(const struct vnode *root, uint32_t references)
{
	bool last = true;

	spin_lock(&vnode_table_lock);
	for (unsigned int i = 0; i < VNODE_BUCKETS; i++) {
		struct list *node, *scratch;

		list_for_each(node, scratch, &table.buckets[i])
		{
			const struct vnode *vnode = list_entry(node, struct vnode, link);

			if (vnode != root && vnode->references &&
			    vnode_same_file_system(vnode, root))
				last = false;
		}
	}
	last = last && root->references <= references;
	spin_unlock(&vnode_table_lock);
	return last;
}

bool vnode_is_read_only(const struct vnode *vnode)
{
	return vnode->service->on_disks &&
	       !disk_may_be_written(disk_by_number(DISK_OF_OBJECT(vnode->object)));
}

uint64_t vnode_count(void)
{
	return __atomic_load_n(&table.count, __ATOMIC_RELAXED);
}
