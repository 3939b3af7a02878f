/* SPDX-License-Identifier: MIT
 *
 * Four-level page tables. The kernel half is built once; every root shares its
 * upper 256 entries, all of which exist from the start, so that later kernel
 * mappings appear in every root.
 */
#include <arch/boot_info.h>
#include <arch/cpu.h>
#include <arch/image.h>
#include <arch/mmu.h>
#include <arch/mmu_setup.h>
#include <arch/registers.h>
#include <aramid/profile.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/sync/spinlock.h>

#define ENTRY_PRESENT  (1UL << 0)
#define ENTRY_WRITE    (1UL << 1)
#define ENTRY_USER     (1UL << 2)
#define ENTRY_UNCACHED (1UL << 3 | 1UL << 4)
#define ENTRY_LARGE    (1UL << 7)
#define ENTRY_GLOBAL   (1UL << 8)
#define ENTRY_KEPT     (1UL << 9) /* ours: not present, but a page is behind it (MMU_NONE) */
#define ENTRY_KEY(key) ((uint64_t)(key) << 59) /* Intel SDM vol. 3A, 4.6.2 */
#define ENTRY_NO_EXEC  (1UL << 63)
#define ENTRY_ADDRESS  0x000ffffffffff000UL

#define ENTRY_MAPPED (ENTRY_PRESENT | ENTRY_KEPT)

#define LARGE_PAGE (2UL << 20)

paddr_t mmu_kernel_root;
static struct spinlock kernel_map_lock = SPINLOCK_INIT(kernel_map);

static unsigned int table_index(uint64_t va, unsigned int level)
{
	return va >> (PAGE_SHIFT + 9 * level) & 511;
}

static uint64_t entry_of(paddr_t pa, unsigned int protection)
{
	uint64_t entry = pa | ENTRY_PRESENT | ENTRY_KEY(protection / MMU_KEY(1));

	if (protection & MMU_NONE)
		return pa | ENTRY_KEPT;
	if (protection & MMU_WRITE)
		entry |= ENTRY_WRITE;
	if (protection & MMU_USER)
		entry |= ENTRY_USER;
	else
		entry |= ENTRY_GLOBAL;
	if (!(protection & MMU_EXEC))
		entry |= ENTRY_NO_EXEC;
	if (protection & MMU_DEVICE)
		entry |= ENTRY_UNCACHED;
	return entry;
}

static unsigned int protection_of(uint64_t entry)
{
	if (entry & ENTRY_KEPT)
		return MMU_NONE;
	return (entry & ENTRY_WRITE ? MMU_WRITE : 0) | (entry & ENTRY_USER ? MMU_USER : 0) |
	       (entry & ENTRY_NO_EXEC ? 0 : MMU_EXEC);
}

/* The entry for va at a level (0: pages, 1: 2 MiB), or NULL when the way there is not
 * built. A large page on the way ends it too. */
static uint64_t *find_entry(paddr_t root, uint64_t va, unsigned int level)
{
	uint64_t *table = phys_to_virt(root);

	for (unsigned int at = 3; at > level; at--) {
		uint64_t entry = table[table_index(va, at)];

		if (!(entry & ENTRY_PRESENT) || (entry & ENTRY_LARGE))
			return NULL;
		table = phys_to_virt(entry & ENTRY_ADDRESS);
	}
	return &table[table_index(va, level)];
}

/* The same, building what is missing, one more in *built each; NULL when memory is out. */
static uint64_t *make_entry(CAP(page_alloc) pages, paddr_t root, uint64_t va, unsigned int level,
                            unsigned int *built)
{
	uint64_t *table = phys_to_virt(root);

	for (unsigned int at = 3; at > level; at--) {
		uint64_t *entry = &table[table_index(va, at)];

		if (!(*entry & ENTRY_PRESENT)) {
			paddr_t page = page_alloc(pages, 0);

			if (!page)
				return NULL;
			++*built;
			*entry = page | ENTRY_PRESENT | ENTRY_WRITE |
			         (va < DIRECT_MAP_BASE ? ENTRY_USER : 0);
		}
		table = phys_to_virt(*entry & ENTRY_ADDRESS);
	}
	return &table[table_index(va, level)];
}

paddr_t mmu_create(CAP(page_alloc) pages)
{
	paddr_t root = page_alloc(pages, 0);

	if (root)
		memcpy((uint64_t *)phys_to_virt(root) + 256,
		       (uint64_t *)phys_to_virt(mmu_kernel_root) + 256, PAGE_SIZE / 2);
	return root;
}

static void free_tables(CAP(page_alloc) pages, paddr_t table_page, unsigned int level)
{
	uint64_t *table = phys_to_virt(table_page);
	unsigned int entries = level == 3 ? 256 : level > 0 ? 512 : 0;

	/* Most of a table is empty: four entries at a look. */
	for (unsigned int i = 0; i < entries; i += 4) {
		if (!(table[i] | table[i + 1] | table[i + 2] | table[i + 3]))
			continue;
		for (unsigned int j = i; j < i + 4; j++)
			if (table[j] & ENTRY_PRESENT)
				free_tables(pages, table[j] & ENTRY_ADDRESS, level - 1);
	}
	page_put(pages, table_page);
}

void mmu_destroy(CAP(page_alloc) pages, paddr_t root)
{
	free_tables(pages, root, 3);
}

int mmu_map(CAP(page_alloc) pages, paddr_t root, uint64_t va, paddr_t pa, unsigned int protection,
            unsigned int *built)
{
	uint64_t *entry = make_entry(pages, root, va, 0, built);

	if (!entry)
		return -ENOMEM;
	*entry = entry_of(pa, protection);
	return 0;
}

bool mmu_lookup(paddr_t root, uint64_t va, paddr_t *pa, unsigned int *protection)
{
	uint64_t *entry = find_entry(root, va, 0);

	if (!entry || !(*entry & ENTRY_MAPPED))
		return false;
	*pa = *entry & ENTRY_ADDRESS;
	*protection = protection_of(*entry);
	return true;
}

bool mmu_next(paddr_t root, uint64_t *va, uint64_t end, paddr_t *pa, unsigned int *protection)
{
	while (*va < end) {
		uint64_t *table = phys_to_virt(root);
		unsigned int at = 3;

		while (at > 0 && (table[table_index(*va, at)] & ENTRY_PRESENT)) {
			table = phys_to_virt(table[table_index(*va, at)] & ENTRY_ADDRESS);
			at--;
		}
		/* The rest of this table is read without coming down from the root again. At a
		 * level above the pages each empty entry steps over all that it would span. */
		do {
			uint64_t entry = table[table_index(*va, at)];

			if (entry & ENTRY_MAPPED) {
				if (at > 0)
					break;
				*pa = entry & ENTRY_ADDRESS;
				*protection = protection_of(entry);
				return true;
			}
			*va = ((*va >> (PAGE_SHIFT + 9 * at)) + 1) << (PAGE_SHIFT + 9 * at);
		} while (*va < end && table_index(*va, at) != 0);
	}
	return false;
}

void mmu_protect(paddr_t root, uint64_t va, unsigned int protection)
{
	uint64_t *entry = find_entry(root, va, 0);

	if (entry && (*entry & ENTRY_MAPPED))
		*entry = entry_of(*entry & ENTRY_ADDRESS, protection);
}

paddr_t mmu_unmap(paddr_t root, uint64_t va)
{
	uint64_t *entry = find_entry(root, va, 0);
	paddr_t pa = 0;

	if (entry && (*entry & ENTRY_MAPPED)) {
		pa = *entry & ENTRY_ADDRESS;
		*entry = 0;
	}
	return pa;
}

int mmu_map_kernel(CAP(page_alloc) pages, uint64_t va, paddr_t pa, unsigned int protection)
{
	unsigned int built = 0;
	int result;

	spin_lock(&kernel_map_lock);
	result = mmu_map(pages, mmu_kernel_root, va, pa, protection, &built);
	spin_unlock(&kernel_map_lock);
	return result;
}

void mmu_unmap_kernel(uint64_t va, unsigned int count, paddr_t *pages)
{
	spin_lock(&kernel_map_lock);
	for (unsigned int i = 0; i < count; i++)
		pages[i] = mmu_unmap(mmu_kernel_root, va + i * PAGE_SIZE);
	spin_unlock(&kernel_map_lock);
	mmu_flush(mmu_kernel_root, va, va + count * PAGE_SIZE);
}

void mmu_set_key(uint64_t va, uint64_t size, unsigned int key)
{
	spin_lock(&kernel_map_lock);
	for (uint64_t at = va; at < va + size; at += PAGE_SIZE) {
		uint64_t *entry = find_entry(mmu_kernel_root, at, 0);

		if (!entry || !(*entry & ENTRY_PRESENT))
			panic("no page at %lx to give a protection key", at);
		*entry = (*entry & ~ENTRY_KEY(15)) | ENTRY_KEY(key);
	}
	spin_unlock(&kernel_map_lock);
	mmu_flush(mmu_kernel_root, va, va + size);
}

void mmu_activate(paddr_t root)
{
	this_cpu()->page_table = root;
	cr3_write(root);
}

/* Building the kernel half: there is no way to go on without the memory. */
static void map_or_die(paddr_t root, uint64_t va, paddr_t pa, unsigned int protection)
{
	unsigned int built = 0;

	if (mmu_map(core_rights.pages, root, va, pa, protection, &built))
		panic("no memory for the kernel's page tables");
}

/* The image: each section with what it needs, and its direct-map alias no
 * more writable than it is. */
static void map_image(paddr_t root)
{
	for (const struct image_section *s = image_sections; s->start; s++)
		for (uint64_t va = (uint64_t)s->start; va < (uint64_t)s->end; va += PAGE_SIZE) {
			paddr_t pa = va - KERNEL_IMAGE_BASE;

			map_or_die(root, va, pa, s->protection);
			map_or_die(root, DIRECT_MAP_BASE + pa, pa, s->protection & MMU_WRITE);
		}
	mmu_unmap(root, (uint64_t)boot_stack_guard);
}

/* Where services are isolated a page of RAM may become a service's by itself. */
static void split(uint64_t *large)
{
	paddr_t page = page_alloc(core_rights.pages, 0);
	uint64_t *table = phys_to_virt(page);

	if (!page)
		panic("no memory for the direct map");
	for (unsigned int i = 0; i < 512; i++)
		table[i] = (*large & ~ENTRY_LARGE) + i * PAGE_SIZE;
	*large = page | ENTRY_PRESENT | ENTRY_WRITE;
}

/* RAM in the direct map: 2-MiB pages, 4-KiB ones where the image lies. */
static void map_ram(paddr_t root, paddr_t start, paddr_t end)
{
	paddr_t image_start = PAGE_ALIGN_DOWN((uint64_t)image_begin - KERNEL_IMAGE_BASE);
	paddr_t image_stop = (uint64_t)image_end - KERNEL_IMAGE_BASE;
	unsigned int built = 0;

	while (start < end) {
		bool near_image = start < ((image_stop + LARGE_PAGE - 1) & ~(LARGE_PAGE - 1)) &&
		                  (start | (LARGE_PAGE - 1)) >= image_start;

		if (!near_image && !(start & (LARGE_PAGE - 1)) && end - start >= LARGE_PAGE) {
			uint64_t *entry = make_entry(core_rights.pages, root,
			                             DIRECT_MAP_BASE + start, 1, &built);

			if (!entry)
				panic("no memory for the direct map");
			*entry = entry_of(start, MMU_WRITE) | ENTRY_LARGE;
			if (ARAMID_ISOLATE_SERVICES)
				split(entry);
			start += LARGE_PAGE;
			continue;
		}
		if (start < image_start || start >= image_stop)
			map_or_die(root, DIRECT_MAP_BASE + start, start, MMU_WRITE);
		start += PAGE_SIZE;
	}
}

void mmu_init(void)
{
	paddr_t root = page_alloc(core_rights.pages, 0);
	unsigned int built = 0;

	if (!root)
		panic("no memory for the kernel's page tables");
	for (unsigned int i = 256; i < 512; i++)
		if (!make_entry(core_rights.pages, root, (uint64_t)i << 39 | 0xffffUL << 48, 2,
		                &built))
			panic("no memory for the kernel's page tables");
	mmu_kernel_root = root;
	for (unsigned int i = 0; i < boot_info.ram_count; i++)
		map_ram(root, boot_info.ram[i].start, boot_info.ram[i].end);
	map_image(root);
	mmu_activate(root);
}
