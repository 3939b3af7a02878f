/* SPDX-License-Identifier: MIT
 *
 * The table of page stores: one for each object whose contents are core pages.
 * The pages of one store hang in a tree (page_tree.h) under the store's lock; the
 * table's lock is held for look-ups and counts only.
 */
#include <kernel/boundary/service.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/list.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/sync/spinlock.h>
#include <kernel/vfs/page_store.h>
#include <kernel/vfs/page_tree.h>

#define STORE_BUCKETS 256u

struct page_store {
	struct list link;    /* bucket: table lock; empty once destroyed */
	uint32_t references; /* table lock; the table has one until destruction */
	struct service *service;
	uint64_t object;
	uint64_t number;      /* when it was made: the order of page_store_next */
	struct spinlock lock; /* the tree, and: */
	bool keeps_marks;
	uint32_t pins;
	struct page_tree tree;
};

static struct {
	struct spinlock lock;
	struct list buckets[STORE_BUCKETS];
	uint64_t made;
	bool ready;
} table = {.lock = SPINLOCK_INIT(page_store)};

/* The pages of a store are changed under its own lock, those of all are only summed up. */
static uint64_t total_pages, total_marks;

static struct list *bucket_of(const struct service *service, uint64_t object)
{
	uint64_t key = object * 0x9e3779b97f4a7c15UL + service->owner;

	return &table.buckets[(key >> 32) % STORE_BUCKETS];
}

static void lock_table(void) ACQUIRES_LOCK(table.lock)
{
	spin_lock(&table.lock);
	if (!table.ready) {
		for (unsigned int i = 0; i < STORE_BUCKETS; i++)
			list_init(&table.buckets[i]);
		table.ready = true;
	}
}

static struct page_store *find_locked(struct service *service, uint64_t object)
{
	struct list *bucket = bucket_of(service, object), *node, *scratch;

	list_for_each(node, scratch, bucket)
	{
		struct page_store *store = list_entry(node, struct page_store, link);

		if (store->service == service && store->object == object) {
			store->references++;
			return store;
		}
	}
	return NULL;
}

struct page_store *page_store_find(struct service *service, uint64_t object)
{
	struct page_store *store;

	lock_table();
	store = find_locked(service, object);
	spin_unlock(&table.lock);
	return store;
}

struct page_store *page_store_make(struct service *service, uint64_t object, bool *made)
{
	struct page_store *store, *fresh;

	*made = false;
	store = page_store_find(service, object);
	if (store)
		return store;
	fresh = heap_alloc(&core_heap, sizeof(*fresh));
	if (!fresh)
		return NULL;
	fresh->service = service;
	fresh->object = object;
	fresh->references = 2;
	spin_init(&fresh->lock, LOCK_RANK_page_store);
	lock_table();
	store = find_locked(service, object); /* made by another CPU meanwhile? */
	if (!store) {
		list_add_tail(bucket_of(service, object), &fresh->link);
		fresh->number = ++table.made;
		store = fresh;
		fresh = NULL;
		*made = true;
	}
	spin_unlock(&table.lock);
	heap_free(&core_heap, fresh);
	return store;
}

struct page_store *page_store_open(struct service *service, uint64_t object)
{
	bool made;

	return page_store_make(service, object, &made);
}

void page_store_put(struct page_store *store)
{
	bool last;

	if (!store)
		return;
	spin_lock(&table.lock);
	last = --store->references == 0;
	spin_unlock(&table.lock);
	/* A store without references was destroyed before, so its tree is empty. */
	if (last)
		heap_free(&core_heap, store);
}

bool page_store_is_destroyed(struct page_store *store)
{
	bool destroyed;

	spin_lock(&table.lock);
	destroyed = list_empty(&store->link);
	spin_unlock(&table.lock);
	return destroyed;
}

int page_store_reserve(CAP(page_alloc) cap, struct page_store *store, uint64_t offset,
                       uint64_t size)
{
	uint64_t before;
	int error;

	cap_validate(page_alloc, cap);
	if (size == 0)
		return 0;
	if (offset + size < offset || (offset + size - 1) >> PAGE_SHIFT > PAGE_TREE_INDEX_MAX)
		return -EFBIG;
	spin_lock(&store->lock);
	before = store->tree.pages;
	if (list_empty(&store->link))
		error = -EIO; /* destroyed: pages would never be found again */
	else
		error = page_tree_fill(cap, &store->tree, offset >> PAGE_SHIFT,
		                       (offset + size - 1) >> PAGE_SHIFT);
	__atomic_fetch_add(&total_pages, store->tree.pages - before, __ATOMIC_RELAXED);
	spin_unlock(&store->lock);
	return error;
}

int page_store_take_over(CAP(page_alloc) cap, struct page_store *store, uint64_t index,
                         paddr_t page)
{
	int error;

	spin_lock(&store->lock);
	error = list_empty(&store->link) ? -EIO : page_tree_put(&store->tree, index, page);
	if (!error) {
		page_get(cap, page);
		__atomic_fetch_add(&total_pages, 1, __ATOMIC_RELAXED);
	}
	spin_unlock(&store->lock);
	return error;
}

static void drop_pages(CAP(page_alloc) cap, struct page_store *store, uint64_t first)
        NEEDS_RIGHT(page_alloc)
{
	uint64_t pages = store->tree.pages, marks = store->tree.marks;

	page_tree_drop(cap, &store->tree, first);
	__atomic_fetch_sub(&total_pages, pages - store->tree.pages, __ATOMIC_RELAXED);
	__atomic_fetch_sub(&total_marks, marks - store->tree.marks, __ATOMIC_RELAXED);
}

void page_store_truncate(CAP(page_alloc) cap, struct page_store *store, uint64_t size)
{
	cap_validate(page_alloc, cap);
	spin_lock(&store->lock);
	drop_pages(cap, store, (size >> PAGE_SHIFT) + (size % PAGE_SIZE != 0));
	if (size % PAGE_SIZE != 0) {
		paddr_t page = page_tree_find(&store->tree, size >> PAGE_SHIFT);

		if (page)
			memset((char *)phys_to_virt(page) + size % PAGE_SIZE, 0,
			       PAGE_SIZE - size % PAGE_SIZE);
	}
	spin_unlock(&store->lock);
}

/* Takes over the caller's reference. */
static void destroy(CAP(page_alloc) cap, struct page_store *store) NEEDS_RIGHT(page_alloc)
{
	bool listed;

	spin_lock(&table.lock);
	listed = !list_empty(&store->link);
	list_remove(&store->link);
	if (listed)
		store->references--; /* the table's; the caller's remains */
	spin_unlock(&table.lock);
	spin_lock(&store->lock);
	drop_pages(cap, store, 0);
	spin_unlock(&store->lock);
	page_store_put(store);
}

void page_store_destroy(CAP(page_alloc) cap, struct service *service, uint64_t object)
{
	struct page_store *store;

	cap_validate(page_alloc, cap);
	store = page_store_find(service, object);
	if (store)
		destroy(cap, store);
}

paddr_t page_store_page(CAP(page_alloc) cap, struct page_store *store, uint64_t index)
{
	paddr_t page;

	spin_lock(&store->lock);
	page = page_tree_find(&store->tree, index);
	if (page)
		page_get(cap, page);
	spin_unlock(&store->lock);
	return page;
}

uint64_t page_store_next_page(struct page_store *store, uint64_t index)
{
	bool found;

	spin_lock(&store->lock);
	found = page_tree_next(&store->tree, &index);
	spin_unlock(&store->lock);
	return found ? index : UINT64_MAX;
}

uint64_t page_store_next_hole(struct page_store *store, uint64_t index)
{
	spin_lock(&store->lock);
	while (page_tree_find(&store->tree, index))
		index++;
	spin_unlock(&store->lock);
	return index;
}

bool page_store_has(struct page_store *store, uint64_t index)
{
	bool has;

	spin_lock(&store->lock);
	has = page_tree_find(&store->tree, index) != 0;
	spin_unlock(&store->lock);
	return has;
}

uint64_t page_store_pages(const struct page_store *store)
{
	return store->tree.pages;
}

void page_store_mark(struct page_store *store, uint64_t first, uint64_t count)
{
	uint64_t before;

	spin_lock(&store->lock);
	before = store->tree.marks;
	for (uint64_t i = 0; i < count; i++)
		page_tree_mark(&store->tree, first + i, true);
	__atomic_fetch_add(&total_marks, store->tree.marks - before, __ATOMIC_RELAXED);
	spin_unlock(&store->lock);
}

unsigned int page_store_take_marked(CAP(page_alloc) cap, struct page_store *store, uint64_t *index,
                                    paddr_t *pages, unsigned int most)
{
	unsigned int count = 0;
	uint64_t before;

	spin_lock(&store->lock);
	before = store->tree.marks;
	for (uint64_t next = *index; count < most; next++) {
		paddr_t page = page_tree_next_marked(&store->tree, &next);

		if (!page || (count && next != *index + count))
			break;
		if (!count)
			*index = next;
		page_get(cap, page);
		pages[count++] = page;
		if (!store->keeps_marks)
			page_tree_mark(&store->tree, next, false);
	}
	__atomic_fetch_sub(&total_marks, before - store->tree.marks, __ATOMIC_RELAXED);
	spin_unlock(&store->lock);
	return count;
}

void page_store_keep_marks(struct page_store *store, bool keep)
{
	spin_lock(&store->lock);
	store->keeps_marks = keep;
	spin_unlock(&store->lock);
}

static void drop_one(CAP(page_alloc) cap, struct page_store *store, uint64_t index)
        NEEDS_RIGHT(page_alloc)
{
	uint64_t marks = store->tree.marks;
	paddr_t page = page_tree_take(&store->tree, index);

	if (page) {
		page_put(cap, page);
		__atomic_fetch_sub(&total_pages, 1, __ATOMIC_RELAXED);
		__atomic_fetch_sub(&total_marks, marks - store->tree.marks, __ATOMIC_RELAXED);
	}
}

void page_store_drop(CAP(page_alloc) cap, struct page_store *store, uint64_t index)
{
	cap_validate(page_alloc, cap);
	spin_lock(&store->lock);
	drop_one(cap, store, index);
	spin_unlock(&store->lock);
}

void page_store_pin(struct page_store *store)
{
	spin_lock(&store->lock);
	store->pins++;
	spin_unlock(&store->lock);
}

void page_store_unpin(struct page_store *store)
{
	spin_lock(&store->lock);
	store->pins--;
	spin_unlock(&store->lock);
}

void page_store_drop_clean(CAP(page_alloc) cap, struct page_store *store)
{
	uint64_t before;

	cap_validate(page_alloc, cap);
	spin_lock(&store->lock);
	before = store->tree.pages;
	if (!store->pins)
		page_tree_drop_unused(cap, &store->tree);
	__atomic_fetch_sub(&total_pages, before - store->tree.pages, __ATOMIC_RELAXED);
	spin_unlock(&store->lock);
}

uint64_t page_store_object(const struct page_store *store)
{
	return store->object;
}

/* The one of a bucket that was made first of those behind a number. With the table's lock. */
static struct page_store *first_behind(const struct list *bucket, const struct service *service,
                                       uint64_t number)
{
	struct page_store *first = NULL;

	for (struct list *node = bucket->next; node != bucket; node = node->next) {
		struct page_store *store = list_entry(node, struct page_store, link);

		if (store->service == service && store->number > number &&
		    (!first || store->number < first->number))
			first = store;
	}
	return first;
}

struct page_store *page_store_next(const struct service *service, struct page_store *store)
{
	const struct list *bucket = table.buckets;
	uint64_t number = 0;
	struct page_store *next;

	if (store) {
		bucket = bucket_of(service, store->object);
		number = store->number;
	}
	lock_table();
	while (!(next = first_behind(bucket, service, number)) &&
	       ++bucket < table.buckets + STORE_BUCKETS)
		number = 0;
	if (next)
		next->references++;
	spin_unlock(&table.lock);
	page_store_put(store);
	return next;
}

uint64_t page_store_total(void)
{
	return __atomic_load_n(&total_pages, __ATOMIC_RELAXED);
}

uint64_t page_store_marks(void)
{
	return __atomic_load_n(&total_marks, __ATOMIC_RELAXED);
}
