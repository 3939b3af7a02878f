/* SPDX-License-Identifier: MIT */
#include "host.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arch/mmu.h>
#include <kernel/log/log.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/proc/out_of_memory.h>
#include <kernel/proc/thread.h>
#include <kernel/sync/mutex.h>
#include <kernel/vfs/memory_file.h>
#include <kernel/vfs/vnode.h>

char host_ram[HOST_RAM_PAGES * PAGE_SIZE] __attribute__((aligned(4096)));
char host_panic_message[256];
int host_panic_expected;
void *host_panic_landing[5];
struct core_rights core_rights;
paddr_t mmu_kernel_root;

/* ---- one CPU, nobody to wait for ---- */

static struct cpu cpu;
static struct thread thread;

struct cpu *this_cpu(void)
{
	return &cpu;
}

struct thread *current_thread(void)
{
	return &thread;
}

void preempt_now(void)
{
}

/* There is no other process whose memory could come back. */
bool out_of_memory_relieve(void)
{
	return false;
}

/* Nobody sends signals here. */
bool signal_pending(void)
{
	return false;
}

void spin_lock(struct spinlock *lock)
{
	if (lock->next++ != lock->serving)
		abort();
}

void spin_unlock(struct spinlock *lock)
{
	lock->serving++;
}

unsigned long spin_lock_irq(struct spinlock *lock)
{
	spin_lock(lock);
	return 0;
}

void spin_unlock_irq(struct spinlock *lock, unsigned long flags)
{
	(void)flags;
	spin_unlock(lock);
}

void mutex_init(struct mutex *mutex)
{
	mutex->owner = NULL;
}

void mutex_lock(struct mutex *mutex)
{
	if (mutex->owner != NULL)
		abort();
	mutex->owner = &thread;
}

void mutex_unlock(struct mutex *mutex)
{
	mutex->owner = NULL;
}

void log_line(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
	putchar('\n');
}

void panic_at(const char *file, int line, const char *function, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(host_panic_message, sizeof(host_panic_message), fmt, args);
	va_end(args);
	if (!host_panic_expected) {
		fprintf(stderr, "%s:%d: %s: %s\n", file, line, function, host_panic_message);
		abort();
	}
	__builtin_longjmp(host_panic_landing, 1);
}

/* ---- protection keys: one a page of RAM ---- */

static unsigned char keys[HOST_RAM_PAGES];

void mmu_set_key(uint64_t va, uint64_t size, unsigned int key)
{
	for (paddr_t at = virt_to_phys((const void *)va); size > 0; size -= PAGE_SIZE) {
		keys[at >> PAGE_SHIFT] = (unsigned char)key;
		at += PAGE_SIZE;
	}
}

unsigned int host_key(const void *address)
{
	return keys[virt_to_phys(address) >> PAGE_SHIFT];
}

/* ---- page tables: an array of entries a root, and the CPU's memory of them ---- */

#define ENTRIES (HOST_VA_END >> PAGE_SHIFT)
#define MAPPED  0x800UL

struct host_table {
	uint64_t entries[ENTRIES];
	unsigned char stale[ENTRIES];
};

static struct host_table *tables[HOST_RAM_PAGES];
static unsigned int stale_count;

static void change(struct host_table *table, uint64_t index, uint64_t entry)
{
	if (table->entries[index] & MAPPED && !table->stale[index]) {
		table->stale[index] = 1;
		stale_count++;
	}
	table->entries[index] = entry;
}

unsigned int host_stale_translations(void)
{
	return stale_count;
}

paddr_t mmu_create(CAP(page_alloc) pages)
{
	paddr_t root = page_alloc(pages, 0);

	if (root != 0)
		tables[root >> PAGE_SHIFT] = calloc(1, sizeof(struct host_table));
	return root;
}

void mmu_destroy(CAP(page_alloc) pages, paddr_t root)
{
	free(tables[root >> PAGE_SHIFT]);
	page_put(pages, root);
}

int mmu_map(CAP(page_alloc) pages, paddr_t root, uint64_t va, paddr_t pa, unsigned int protection,
            unsigned int *built)
{
	paddr_t page;

	/* Now and then a table is missing and memory is out. */
	page = page_alloc(pages, 0);
	*built += page != 0;
	if (page == 0 && !(tables[root >> PAGE_SHIFT]->entries[va >> PAGE_SHIFT] & MAPPED))
		return -12;
	if (page != 0)
		page_put(pages, page);
	change(tables[root >> PAGE_SHIFT], va >> PAGE_SHIFT, pa | MAPPED | protection);
	return 0;
}

bool mmu_lookup(paddr_t root, uint64_t va, paddr_t *pa, unsigned int *protection)
{
	uint64_t entry = tables[root >> PAGE_SHIFT]->entries[va >> PAGE_SHIFT];

	*pa = PAGE_ALIGN_DOWN(entry);
	*protection = entry & 0x1f;
	return entry & MAPPED;
}

bool mmu_next(paddr_t root, uint64_t *va, uint64_t end, paddr_t *pa, unsigned int *protection)
{
	for (; *va < end && *va < HOST_VA_END; *va += PAGE_SIZE) {
		if (mmu_lookup(root, *va, pa, protection))
			return true;
	}
	return false;
}

void mmu_protect(paddr_t root, uint64_t va, unsigned int protection)
{
	struct host_table *table = tables[root >> PAGE_SHIFT];
	uint64_t entry = table->entries[va >> PAGE_SHIFT];

	/* A right more needs no flush: the CPU looks again before it faults. */
	if ((entry & 0x1f & ~protection) == 0)
		table->entries[va >> PAGE_SHIFT] = entry | protection;
	else
		change(table, va >> PAGE_SHIFT, PAGE_ALIGN_DOWN(entry) | MAPPED | protection);
}

paddr_t mmu_unmap(paddr_t root, uint64_t va)
{
	paddr_t page = PAGE_ALIGN_DOWN(tables[root >> PAGE_SHIFT]->entries[va >> PAGE_SHIFT]);

	change(tables[root >> PAGE_SHIFT], va >> PAGE_SHIFT, 0);
	return page;
}

void mmu_flush(paddr_t root, uint64_t start, uint64_t end)
{
	struct host_table *table = tables[root >> PAGE_SHIFT];

	for (uint64_t va = start; va < end && va < HOST_VA_END; va += PAGE_SIZE) {
		stale_count -= table->stale[va >> PAGE_SHIFT];
		table->stale[va >> PAGE_SHIFT] = 0;
	}
}

void mmu_activate(paddr_t root)
{
	cpu.page_table = root;
}

/* ---- files: none ---- */

void vnode_put(struct vnode *vnode)
{
	(void)vnode;
}

int vnode_page(struct vnode *vnode, uint64_t offset, paddr_t *page)
{
	(void)vnode;
	(void)offset;
	*page = 0;
	return -5;
}

bool vnode_has_page(struct vnode *vnode, uint64_t offset)
{
	(void)vnode;
	(void)offset;
	return false;
}

void vnode_end_writable_map(struct vnode *vnode)
{
	(void)vnode;
}

void host_start(uint64_t pages)
{
	static int started;
	const struct memory_range ranges[] = {
	        {0, 100 * PAGE_SIZE},
	        {(HOST_RAM_PAGES - pages) * PAGE_SIZE, HOST_RAM_PAGES * PAGE_SIZE},
	};

	/* The allocator starts once in a program's life, as in the kernel's. */
	if (!started++) {
		cap_init();
		core_rights.pages = cap_mint(page_alloc, CAP_OWNER_CORE);
		memset(host_ram, 0x5a, sizeof(host_ram));
		page_alloc_init(ranges, 2, &(struct memory_range){0});
	}
	heap_init(&core_heap, core_rights.pages, UINT64_MAX);
}
