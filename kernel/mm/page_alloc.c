/* SPDX-License-Identifier: MIT
 *
 * Pages: the buddy system over all of RAM, a reference count for each run, and the
 * tables of both, which lie in RAM themselves.
 */
#include <kernel/mm/page_alloc.h>

#include <aramid/cap.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <kernel/mm/buddy.h>
#include <kernel/mm/buddy_check.h>
#include <kernel/mm/page.h>
#include <kernel/sync/spinlock.h>

#define RANGES_MAX 32

_Static_assert(PAGE_ORDER_MAX == BUDDY_ORDER_MAX, "what may be asked for can be had");

static struct spinlock lock = SPINLOCK_INIT(page_alloc);
static struct buddy buddy;                  /* lock */
static uint64_t free_count;                 /* pages; lock */
static uint64_t use_counts[PAGE_USE_COUNT]; /* pages; lock */
struct page_tables page_tables;

/* Fixed after boot: what the allocator manages. */
static struct memory_range ranges[RANGES_MAX]; /* the free ones, then what was held */
static unsigned int range_count;
static uint64_t total;

static uint64_t number_of(paddr_t address)
{
	return address >> PAGE_SHIFT;
}

/* The range without page 0, whose address means "none", and without what the trees
 * cannot hold. */
static void adopt_range(struct memory_range range)
{
	if (range.start == 0)
		range.start = PAGE_SIZE;
	if (range.end > (paddr_t)BUDDY_PAGES_MAX << PAGE_SHIFT) {
		log_line("memory above %u GiB is not used", BUDDY_PAGES_MAX >> (30 - PAGE_SHIFT));
		range.end = (paddr_t)BUDDY_PAGES_MAX << PAGE_SHIFT;
	}
	if (range.start < range.end && range_count < RANGES_MAX)
		ranges[range_count++] = range;
}

/* Behind the highest page of all ranges. */
static uint64_t end_of_ranges(void)
{
	uint64_t end = 0;

	for (unsigned int i = 0; i < range_count; i++) {
		if (number_of(ranges[i].end) > end)
			end = number_of(ranges[i].end);
	}
	return end;
}

/* Cut the tables' memory off the start of the largest of the first `count` ranges. */
static void *take_tables(uint64_t size, unsigned int count)
{
	unsigned int largest = 0;
	paddr_t address;

	for (unsigned int i = 1; i < count; i++) {
		if (ranges[i].end - ranges[i].start > ranges[largest].end - ranges[largest].start)
			largest = i;
	}
	if (count == 0 || ranges[largest].end - ranges[largest].start < 2 * size)
		panic("not enough memory for the page tables of the allocator");
	address = ranges[largest].start;
	ranges[largest].start += PAGE_ALIGN_UP(size);
	return phys_to_virt(address);
}

static void mark_ram(uint64_t *ram, const struct memory_range *range)
{
	uint64_t page = number_of(range->start), end = number_of(range->end);

	while (page < end) {
		if (page % 64 == 0 && end - page >= 64) {
			ram[page / 64] = UINT64_MAX;
			page += 64;
		} else {
			ram[page / 64] |= 1UL << page % 64;
			page++;
		}
	}
}

/* Slab entries are set up by the heap that gets the page; only the counts must start
 * at 0, which keeps the boot short. */
static void make_tables(unsigned int usable_count)
{
	uint64_t end_page = end_of_ranges();
	uint64_t slab_bytes = end_page * sizeof(struct slab);
	uint64_t page_bytes = end_page * sizeof(struct page);
	uint64_t ram_bytes = (end_page + 63) / 64 * sizeof(uint64_t);
	char *slabs = take_tables(slab_bytes + page_bytes + ram_bytes +
	                                  buddy_words((uint32_t)end_page) * 8UL,
	                          usable_count);
	char *pages = slabs + slab_bytes;
	uint64_t *ram = (uint64_t *)(pages + page_bytes);

	memset(pages, 0, page_bytes + ram_bytes);
	for (unsigned int i = 0; i < range_count; i++)
		mark_ram(ram, &ranges[i]);
	page_tables = (struct page_tables){
	        .count = end_page,
	        .ram = ram,
	        .pages = (struct page *)pages,
	        .slabs = (struct slab *)slabs,
	};
	buddy_init(&buddy, (uint64_t *)((char *)ram + ram_bytes), (uint32_t)end_page);
}

void page_alloc_init(const struct memory_range *usable, unsigned int count,
                     const struct memory_range *held)
{
	unsigned int usable_count;

	for (unsigned int i = 0; i < count; i++)
		adopt_range(usable[i]);
	usable_count = range_count;
	adopt_range(*held);
	make_tables(usable_count);
	for (unsigned int i = 0; i < range_count; i++) {
		uint64_t first = number_of(ranges[i].start), end = number_of(ranges[i].end);

		total += end - first;
		if (i < usable_count) {
			buddy_give_range(&buddy, (uint32_t)first, (uint32_t)end);
			free_count += end - first;
			continue;
		}
		/* Each is a run of one page: order 0, PAGE_CORE. */
		for (uint64_t page = first; page < end; page++)
			page_tables.pages[page].references = 1;
	}
}

bool page_is_ram(paddr_t address)
{
	return page_is_managed(number_of(address));
}

void page_is_missing(paddr_t address)
{
	panic("physical address %lx is not a page of RAM", address);
}

/* Interrupts are off under the lock, as under that of the heaps which grow by pages (heap.c). */
paddr_t page_run_take(unsigned int order, enum page_use use)
{
	struct page *entry;
	uint32_t number;
	unsigned long flags;

	if (order > PAGE_ORDER_MAX)
		return 0;
	flags = spin_lock_irq(&lock);
	number = buddy_take(&buddy, order);
	if (number != BUDDY_NONE) {
		free_count -= 1UL << order;
		use_counts[use] += 1UL << order;
		entry = &page_tables.pages[number];
		entry->order = (uint8_t)order;
		entry->use = (uint8_t)use;
		__atomic_store_n(&entry->references, 1, __ATOMIC_RELEASE);
	}
	spin_unlock_irq(&lock, flags);
	return number == BUDDY_NONE ? 0 : (paddr_t)number << PAGE_SHIFT;
}

void page_run_get(paddr_t page)
{
	if (__atomic_fetch_add(&page_of(page)->references, 1, __ATOMIC_RELAXED) == 0)
		panic("page %lx is free, or inside a run, and was given a reference", page);
}

void page_run_put(paddr_t page)
{
	struct page *entry = page_of(page);
	uint32_t before = __atomic_fetch_sub(&entry->references, 1, __ATOMIC_ACQ_REL);
	unsigned long flags;

	if (before > 1)
		return;
	if (before == 0)
		panic("page %lx is free, or inside a run, and lost a reference", page);
	flags = spin_lock_irq(&lock);
	use_counts[entry->use] -= 1UL << entry->order;
	free_count += 1UL << entry->order;
	buddy_give(&buddy, (uint32_t)number_of(page), entry->order);
	spin_unlock_irq(&lock, flags);
}

#if ARAMID_CHECK_INVARIANTS

bool page_alloc_is_sound(void)
{
	bool sound;
	unsigned long flags;

	flags = spin_lock_irq(&lock);
	sound = buddy_is_sound(&buddy);
	spin_unlock_irq(&lock, flags);
	return sound;
}

#endif

paddr_t page_alloc(CAP(page_alloc) cap, unsigned int order)
{
	paddr_t page;

	cap_validate(page_alloc, cap);
	page = page_run_take(order, PAGE_CORE);
	if (page != 0)
		memset(phys_to_virt(page), 0, PAGE_SIZE << order);
	return page;
}

void page_get(CAP(page_alloc) cap, paddr_t page)
{
	cap_validate(page_alloc, cap);
	page_run_get(page);
}

void page_put(CAP(page_alloc) cap, paddr_t page)
{
	cap_validate(page_alloc, cap);
	page_run_put(page);
}

uint32_t page_references(paddr_t page)
{
	return __atomic_load_n(&page_of(page)->references, __ATOMIC_ACQUIRE);
}

uint64_t page_count_free(void)
{
	return __atomic_load_n(&free_count, __ATOMIC_RELAXED);
}

uint64_t page_count_total(void)
{
	return total;
}

void page_count_uses(struct page_counts *counts)
{
	unsigned long flags = spin_lock_irq(&lock);

	counts->free = free_count;
	counts->processes = use_counts[PAGE_PROCESS];
	counts->heaps = use_counts[PAGE_SLAB] + use_counts[PAGE_LARGE];
	spin_unlock_irq(&lock, flags);
}
