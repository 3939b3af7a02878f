/* SPDX-License-Identifier: MIT
 *
 * Heaps: pages cut into objects of one size class each (slabs), and runs of pages
 * for large objects. What is free is a bitmap beside the page (struct slab).
 */
#include <kernel/mm/heap.h>

#include <stdbool.h>

#include <arch/mmu.h>
#include <arch/protection_key.h>
#include <aramid/profile.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <kernel/mm/page.h>

#define SMALLEST_SHIFT 4
#define LARGEST_SMALL  (1UL << (SMALLEST_SHIFT + HEAP_CLASSES - 1))
#define POISON         0xa5
#define POISON_WORD    0xa5a5a5a5a5a5a5a5UL

/* Set up by heap_init before anyone allocates. */
struct heap core_heap;

static size_t class_size(unsigned int size_class)
{
	return 1UL << (SMALLEST_SHIFT + size_class);
}

/* size <= LARGEST_SMALL */
static unsigned int class_of(size_t size)
{
	if (size <= class_size(0))
		return 0;
	return 64 - (unsigned int)__builtin_clzl(size - 1) - SMALLEST_SHIFT;
}

static unsigned int order_of(size_t size)
{
	unsigned int order = 0;

	while (order <= PAGE_ORDER_MAX && PAGE_SIZE << order < size)
		order++;
	return order;
}

/* ---- the bitmap of one slab ---- */

/* A word of the bitmap when nothing is given out. */
static uint64_t slab_word(unsigned int size_class, unsigned int word)
{
	unsigned int count = (unsigned int)(PAGE_SIZE / class_size(size_class)), below = word * 64;

	if (count >= below + 64)
		return UINT64_MAX;
	return count > below ? (1UL << (count - below)) - 1 : 0;
}

static void slab_fill(struct slab *slab, unsigned int size_class)
{
	for (unsigned int i = 0; i < SLAB_WORDS; i++)
		slab->free[i] = slab_word(size_class, i);
}

static bool slab_is_full(const struct slab *slab)
{
	return (slab->free[0] | slab->free[1] | slab->free[2] | slab->free[3]) == 0;
}

static bool slab_is_empty(const struct slab *slab, unsigned int size_class)
{
	for (unsigned int i = 0; i < SLAB_WORDS; i++)
		if (slab->free[i] != slab_word(size_class, i))
			return false;
	return true;
}

/* The slab is not full. */
static unsigned int slab_take(struct slab *slab)
{
	unsigned int word = 0, bit;

	while (slab->free[word] == 0)
		word++;
	bit = (unsigned int)__builtin_ctzl(slab->free[word]);
	slab->free[word] &= ~(1UL << bit);
	return word * 64 + bit;
}

static bool slab_object_is_free(const struct slab *slab, unsigned int index)
{
	return slab->free[index / 64] >> (index % 64) & 1;
}

/* The core's heap is used under locks that interrupts take, of processes and signals: so who holds
 * its lock, or waits for it, must not be interrupted, or two CPUs wait for each other. Only what is
 * done to a service's heap alone leaves interrupts on. */

/* ---- growing and shrinking ---- */

static bool reserve_pages(struct heap *heap, uint64_t count)
{
	bool granted;
	unsigned long flags;

	flags = spin_lock_irq(&heap->lock);
	granted = heap->page_limit - heap->page_count >= count;
	if (granted)
		heap->page_count += count;
	spin_unlock_irq(&heap->lock, flags);
	return granted;
}

static void unreserve_pages(struct heap *heap, uint64_t count)
{
	unsigned long flags = spin_lock_irq(&heap->lock);

	heap->page_count -= count;
	spin_unlock_irq(&heap->lock, flags);
}

/* What a service's heap holds has the service's key; what leaves it is the core's again. The
 * core's own heap has the core's. Not under a lock: the other CPUs take part. */
static void give_key(const struct heap *heap, paddr_t page, unsigned int order, unsigned int key)
{
	if (ARAMID_ISOLATE_SERVICES && heap->key)
		mmu_set_key((uint64_t)phys_to_virt(page), PAGE_SIZE << order, key);
}

/* A run that no list of the heap has any more. */
static void shrink(const struct heap *heap, paddr_t page) NEEDS_RIGHT(page_alloc)
{
	give_key(heap, page, page_of(page)->order, KEY_CORE);
	if (heap->twins)
		page_run_put(slab_of(page)->twin);
	page_run_put(page);
}

/* A run, and the second one of a heap that has twins: no object lies there. */
static paddr_t take_run(const struct heap *heap, unsigned int order, enum page_use use)
        NEEDS_RIGHT(page_alloc)
{
	paddr_t page = page_run_take(order, use), twin;

	if (page == 0 || !heap->twins)
		return page;
	twin = page_run_take(order, PAGE_LARGE);
	if (twin == 0) {
		page_run_put(page);
		return 0;
	}
	slab_of(twin)->heap = NULL;
	slab_of(page)->twin = twin;
	return page;
}

static paddr_t grow(struct heap *heap, unsigned int order, enum page_use use)
{
	paddr_t page;

	cap_validate(page_alloc, heap->pages);
	if (!reserve_pages(heap, 1UL << order))
		return 0;
	page = take_run(heap, order, use);
	if (page == 0)
		unreserve_pages(heap, 1UL << order);
	else
		give_key(heap, page, order, heap->key);
	return page;
}

static bool add_slab(struct heap *heap, unsigned int size_class)
{
	paddr_t page = grow(heap, 0, PAGE_SLAB);
	struct slab *slab;
	unsigned long flags;

	if (page == 0)
		return false;
	if (ARAMID_HARDEN_HEAP)
		memset(phys_to_virt(page), POISON, PAGE_SIZE);
	slab = slab_of(page);
	slab->heap = heap;
	slab_fill(slab, size_class);
	page_of(page)->size_class = (uint8_t)size_class;
	flags = spin_lock_irq(&heap->lock);
	list_add_after(&heap->partial[size_class], &slab->link);
	spin_unlock_irq(&heap->lock, flags);
	return true;
}

/* ---- objects ---- */

static void *alloc_small(struct heap *heap, unsigned int size_class)
{
	for (;;) {
		struct list *partial = &heap->partial[size_class];
		void *object = NULL;
		unsigned long flags;

		flags = spin_lock_irq(&heap->lock);
		if (!list_empty(partial)) {
			struct slab *slab = list_entry(partial->next, struct slab, link);

			object = (char *)phys_to_virt(slab_address(slab)) +
			         slab_take(slab) * class_size(size_class);
			heap->object_count++;
			if (slab_is_full(slab)) {
				list_remove(&slab->link);
				list_add_after(&heap->full, &slab->link);
			}
		}
		spin_unlock_irq(&heap->lock, flags);
		if (object != NULL)
			return object;
		if (!add_slab(heap, size_class))
			return NULL;
	}
}

static void *alloc_large(struct heap *heap, size_t size)
{
	unsigned int order = order_of(size);
	paddr_t page;
	struct slab *slab;
	unsigned long flags;

	if (order > PAGE_ORDER_MAX)
		return NULL;
	page = grow(heap, order, PAGE_LARGE);
	if (page == 0)
		return NULL;
	slab = slab_of(page);
	slab->heap = heap;
	flags = spin_lock_irq(&heap->lock);
	list_add_after(&heap->large, &slab->link);
	heap->object_count++;
	spin_unlock_irq(&heap->lock, flags);
	memset(phys_to_virt(page), 0, PAGE_SIZE << order);
	return phys_to_virt(page);
}

/* Two words at a time, as every size class is made of them. They are all the poison when both
 * their conjunction and their disjunction are. */
static bool is_poisoned(const uint64_t *words, size_t size)
{
	uint64_t all = UINT64_MAX, any = 0;

	for (size_t i = 0; i < size / sizeof(*words); i += 2) {
		all &= words[i] & words[i + 1];
		any |= words[i] | words[i + 1];
	}
	return all == POISON_WORD && any == POISON_WORD;
}

static bool is_damaged(struct heap_damage *damage, const void *object, size_t size)
{
	const unsigned char *bytes = object;
	size_t byte = 0;

	if (__builtin_expect(is_poisoned(object, size), 1))
		return false;
	while (bytes[byte] == POISON)
		byte++;
	*damage = (struct heap_damage){object, byte, size};
	return true;
}

void *heap_try_alloc(struct heap *heap, size_t size, struct heap_damage *damage)
{
	unsigned int size_class;
	void *object;

	damage->object = NULL;
	if (size > LARGEST_SMALL)
		return alloc_large(heap, size);
	size_class = class_of(size);
	object = alloc_small(heap, size_class);
	if (object == NULL)
		return NULL;
	if (ARAMID_HARDEN_HEAP && is_damaged(damage, object, class_size(size_class))) {
		heap_free(heap, object); /* poisoned anew: it is told once */
		return NULL;
	}
	memset(object, 0, class_size(size_class));
	return object;
}

void *heap_alloc(struct heap *heap, size_t size)
{
	struct heap_damage damage;
	void *object = heap_try_alloc(heap, size, &damage);

	if (damage.object != NULL)
		panic("byte %zu of the free heap object %p of %zu bytes was written to",
		      damage.byte, damage.object, damage.size);
	return object;
}

/* With the heap's lock: NULL when the object is one that the heap gave out and has not
 * got back, else what is wrong with it. */
static const char *object_fault(const struct heap *heap, paddr_t address)
{
	paddr_t start = PAGE_ALIGN_DOWN(address);
	const struct page *page = page_of(start);
	const struct slab *slab = slab_of(start);
	uint64_t offset = address - start;
	unsigned int shift;

	if (page->references == 0 || (page->use != PAGE_SLAB && page->use != PAGE_LARGE))
		return "lies in no heap";
	if (slab->heap != heap)
		return "belongs to another heap";
	if (page->use == PAGE_LARGE)
		return offset == 0 ? NULL : "is not the start of an object";
	shift = SMALLEST_SHIFT + page->size_class;
	if (offset & ((1UL << shift) - 1))
		return "is not the start of an object";
	if (slab_object_is_free(slab, (unsigned int)(offset >> shift)))
		return "is free already";
	return NULL;
}

/* With the heap's lock: whether no other slab of the class has room. Such a one stays, else who
 * frees and allocates one object by turns would take and give back a page each time. */
static bool is_only_partial(const struct heap *heap, const struct slab *slab,
                            unsigned int size_class)
{
	const struct list *partial = &heap->partial[size_class];

	return partial->next == &slab->link && slab->link.next == partial;
}

/* With the heap's lock: whether the slab's page is to go back. */
static bool free_small(struct heap *heap, paddr_t address)
{
	paddr_t start = PAGE_ALIGN_DOWN(address);
	struct slab *slab = slab_of(start);
	unsigned int size_class = page_of(start)->size_class;
	unsigned int index = (unsigned int)((address - start) >> (SMALLEST_SHIFT + size_class));
	bool was_full = slab_is_full(slab);

	slab->free[index / 64] |= 1UL << (index % 64);
	if (slab_is_empty(slab, size_class) && !is_only_partial(heap, slab, size_class)) {
		list_remove(&slab->link);
		heap->page_count--;
		return true;
	}
	if (was_full) {
		list_remove(&slab->link);
		list_add_after(&heap->partial[size_class], &slab->link);
	}
	return false;
}

const char *heap_fault(struct heap *heap, const void *object)
{
	paddr_t address = virt_to_phys(object);
	const char *fault;
	unsigned long flags;

	if (!page_is_ram(address))
		return "lies in no heap";
	flags = spin_lock_irq(&heap->lock);
	fault = object_fault(heap, address);
	spin_unlock_irq(&heap->lock, flags);
	return fault;
}

/* The page that an allocated run begins with, from any address in it; NULL when it is free. */
static const struct page *run_around(paddr_t address, paddr_t *first)
{
	for (unsigned int order = 0; order <= PAGE_ORDER_MAX; order++) {
		const struct page *page;

		*first = address & ~((PAGE_SIZE << order) - 1);
		if (!page_is_ram(*first))
			return NULL;
		page = page_of(*first);
		if (page->references)
			return page->order >= order ? page : NULL;
	}
	return NULL;
}

/* An object of 1 << shift bytes at an address of a run that begins with a page. */
static struct heap_object object_in(const struct heap *heap, const struct slab *slab, paddr_t first,
                                    paddr_t at, unsigned int shift)
{
	return (struct heap_object){
	        .start = phys_to_virt(at),
	        .size = 1UL << shift,
	        .twin = heap->twins ? phys_to_virt(slab->twin + (at - first)) : NULL,
	};
}

bool heap_find(const struct heap *heap, const void *address, struct heap_object *object)
{
	paddr_t at = virt_to_phys(address), first;
	const struct page *page = run_around(at, &first);
	const struct slab *slab;
	unsigned int shift;

	if (!page || (page->use != PAGE_SLAB && page->use != PAGE_LARGE))
		return false;
	slab = slab_of(first);
	if (slab->heap != heap)
		return false;
	shift = page->use == PAGE_SLAB ? SMALLEST_SHIFT + page->size_class
	                               : PAGE_SHIFT + page->order;
	if (page->use == PAGE_SLAB &&
	    slab_object_is_free(slab, (unsigned int)((at - first) >> shift)))
		return false;
	*object = object_in(heap, slab, first, at & ~((1UL << shift) - 1), shift);
	return true;
}

static void for_each_in_slab(const struct heap *heap, const struct slab *slab,
                             void (*visit)(const struct heap_object *object, void *context),
                             void *context)
{
	paddr_t page = slab_address(slab);
	unsigned int shift = SMALLEST_SHIFT + page_of(page)->size_class;

	for (unsigned int i = 0; i < PAGE_SIZE >> shift; i++) {
		struct heap_object object =
		        object_in(heap, slab, page, page + ((paddr_t)i << shift), shift);

		if (!slab_object_is_free(slab, i))
			visit(&object, context);
	}
}

static void for_each_in_list(const struct heap *heap, const struct list *slabs,
                             void (*visit)(const struct heap_object *object, void *context),
                             void *context)
{
	for (const struct list *node = slabs->next; node != slabs; node = node->next)
		for_each_in_slab(heap, list_entry(node, const struct slab, link), visit, context);
}

void heap_for_each(const struct heap *heap,
                   void (*visit)(const struct heap_object *object, void *context), void *context)
{
	for (unsigned int i = 0; i < HEAP_CLASSES; i++)
		for_each_in_list(heap, &heap->partial[i], visit, context);
	for_each_in_list(heap, &heap->full, visit, context);
	for (const struct list *node = heap->large.next; node != &heap->large; node = node->next) {
		const struct slab *slab = list_entry(node, const struct slab, link);
		paddr_t page = slab_address(slab);
		struct heap_object object =
		        object_in(heap, slab, page, page, PAGE_SHIFT + page_of(page)->order);

		visit(&object, context);
	}
}

bool heap_is_untouched(const struct heap *heap, const void *address)
{
	paddr_t at = virt_to_phys(address), first = PAGE_ALIGN_DOWN(at);
	struct heap_damage damage;
	size_t size;

	if (!ARAMID_HARDEN_HEAP || !page_is_ram(first) || page_of(first)->use != PAGE_SLAB ||
	    page_of(first)->references == 0 || slab_of(first)->heap != heap)
		return true;
	size = class_size(page_of(first)->size_class);
	return !slab_object_is_free(slab_of(first), (unsigned int)((at - first) / size)) ||
	       !is_damaged(&damage, phys_to_virt(at & ~(size - 1)), size);
}

/* With the heap's lock. */
static void mend_slab(const struct slab *slab, size_t size)
{
	char *start = phys_to_virt(slab_address(slab));

	for (unsigned int i = 0; i < PAGE_SIZE / size; i++)
		if (slab_object_is_free(slab, i) &&
		    !is_poisoned((const uint64_t *)(start + i * size), size))
			memset(start + i * size, POISON, size);
}

void heap_mend_free(struct heap *heap)
{
	struct list *node, *next;

	if (!ARAMID_HARDEN_HEAP)
		return;
	spin_lock(&heap->lock);
	for (unsigned int i = 0; i < HEAP_CLASSES; i++)
		list_for_each(node, next, &heap->partial[i])
		        mend_slab(list_entry(node, struct slab, link), class_size(i));
	spin_unlock(&heap->lock);
}

static void free_object(struct heap *heap, void *object)
{
	paddr_t address = virt_to_phys(object);
	const char *fault = "lies in no heap";
	bool page_is_unused = false;
	unsigned long flags;

	flags = spin_lock_irq(&heap->lock);
	if (page_is_ram(address))
		fault = object_fault(heap, address);
	if (fault == NULL) {
		struct page *page = page_of(PAGE_ALIGN_DOWN(address));

		heap->object_count--;
		if (page->use == PAGE_SLAB) {
			if (ARAMID_HARDEN_HEAP)
				memset(object, POISON, class_size(page->size_class));
			page_is_unused = free_small(heap, address);
		} else {
			list_remove(&slab_of(address)->link);
			slab_of(address)->heap = NULL;
			heap->page_count -= 1UL << page->order;
			page_is_unused = true;
		}
	}
	spin_unlock_irq(&heap->lock, flags);
	/* Reported without the lock: the one who freed wrongly may be a service that falls. */
	if (fault != NULL)
		panic("freed pointer %p %s", object, fault);
	if (page_is_unused) {
		cap_wield(page_alloc, heap->pages);
		shrink(heap, PAGE_ALIGN_DOWN(address));
	}
}

void heap_free(struct heap *heap, void *object)
{
	if (object != NULL)
		free_object(heap, object);
}

void heap_init(struct heap *heap, CAP(page_alloc) pages, uint64_t page_limit)
{
	heap->pages = pages;
	spin_init(&heap->lock, LOCK_RANK_heap);
	for (unsigned int i = 0; i < HEAP_CLASSES; i++)
		list_init(&heap->partial[i]);
	list_init(&heap->full);
	list_init(&heap->large);
	heap->page_count = 0;
	heap->page_limit = page_limit;
	heap->object_count = 0;
	heap->key = KEY_CORE;
	heap->twins = false;
}

void heap_keep_twins(struct heap *heap)
{
	heap->twins = true;
}

void heap_set_key(struct heap *heap, unsigned int key)
{
	heap->key = key;
}

/* Move all of a list to the end of another. */
static void move_all(struct list *from, struct list *to)
{
	struct list *node, *next;

	list_for_each(node, next, from)
	{
		list_remove(node);
		list_add_tail(to, node);
	}
}

void heap_discard(struct heap *heap)
{
	struct list all, *node, *next;

	cap_wield(page_alloc, heap->pages);
	list_init(&all);
	spin_lock(&heap->lock);
	for (unsigned int i = 0; i < HEAP_CLASSES; i++)
		move_all(&heap->partial[i], &all);
	move_all(&heap->full, &all);
	move_all(&heap->large, &all);
	heap->page_count = 0;
	heap->object_count = 0;
	spin_unlock(&heap->lock);
	list_for_each(node, next, &all)
	{
		struct slab *slab = list_entry(node, struct slab, link);

		list_remove(node);
		slab->heap = NULL;
		shrink(heap, slab_address(slab));
	}
}
