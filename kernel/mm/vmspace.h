/* SPDX-License-Identifier: MIT
 *
 * A process's address space: regions, demand paging, copy-on-write. Each call
 * takes the space's mutex itself unless it says otherwise; all may sleep. User
 * memory is never touched under that mutex.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/page.h>
#include <aramid/check.h>
#include <kernel/lib/list.h>
#include <kernel/mm/user_range.h>
#include <kernel/sync/mutex.h>

struct shared_memory;
struct vnode;

#define USER_ADDRESS_MIN 0x10000UL   /* as Linux' vm.mmap_min_addr: NULL and its fields fault */
#define STACK_SIZE_MAX   (8UL << 20) /* RLIMIT_STACK */

/* Region flags: PROT_READ, PROT_WRITE, PROT_EXEC of mmap(2) in the low bits. */
#define REGION_PROTECTION 7u
#define REGION_SHARED     (1u << 8)
#define REGION_STACK      (1u << 9) /* grows down to its guard */
#define REGION_READ_ONLY                                                                           \
	(1u << 10) /* of a file that was not opened for writing: never PROT_WRITE */
#define REGION_LOCKED        (1u << 11) /* its pages stay (mlock(2)) */
#define REGION_NOT_FORKED    (1u << 12) /* a child does not have it (madvise(2)) */
#define REGION_WIPED_ON_FORK (1u << 13) /* a child finds zeros there */

/* What lies behind the pages: a file (vnode), memory that forks share (shared), or
 * neither: private anonymous memory. */
struct region {
	struct list link;    /* sorted by start */
	uint64_t start, end; /* page-aligned, [start, end) */
	uint32_t flags;
	struct vnode *vnode;          /* one reference, or NULL */
	struct shared_memory *shared; /* one reference, or NULL */
	uint64_t offset; /* bytes, page-aligned: where in vnode or shared the start lies */
};

struct vmspace {
	uint32_t references; /* processes that have it; atomic */
	struct mutex lock;
	paddr_t root;
	struct list regions;
	struct region *looked_up; /* last, or NULL */
	uint64_t brk_start, brk_end;
	/* Of the program, when it began: its stack, and the strings there. */
	uint64_t stack_start, environment_start, environment_end;
	uint64_t mmap_top;     /* mappings without an address go below this */
	uint64_t stack_limit;  /* how far a stack may grow; atomic */
	uint32_t future_flags; /* REGION_LOCKED: of regions to come (mlockall(2)) */
	bool future_on_fault;  /* and these are not filled at once */
	/* Read without the lock by those who only show or weigh them. */
	uint64_t resident_pages, table_pages, region_count, virtual_bytes;
};

struct vmspace *vmspace_create(void); /* one reference; NULL when memory is out */

/* One process more that has the space (vfork). */
struct vmspace *vmspace_hold(struct vmspace *space);

/* One less; the last one frees it: it is loaded on no CPU but this one, which goes back to the
 * kernel's own page table. NULL is allowed. */
void vmspace_put(struct vmspace *space);

/* A copy-on-write copy (fork); NULL when memory is out. */
struct vmspace *vmspace_fork(struct vmspace *space);

/* Stacks grow no further than to this size, at most STACK_SIZE_MAX (RLIMIT_STACK). Takes no lock,
 * does not sleep. */
void vmspace_limit_stack(struct vmspace *space, uint64_t size);

/* Bytes of private memory that may be written, but for stacks (RLIMIT_DATA). */
uint64_t vmspace_data_bytes(struct vmspace *space);

/* Load it on this CPU. Does not take the lock, does not sleep. */
void vmspace_activate(struct vmspace *space);

/* mmap(2), munmap(2), mprotect(2), brk(2), mremap(2), madvise(2): their arguments and results,
 * errors as negative errno. vnode is NULL for MAP_ANONYMOUS; the caller keeps its reference and
 * has checked that the file may be mapped so. MAP_DENYWRITE, which users cannot say, tells that a
 * shared mapping of this file must stay without PROT_WRITE. */
long vmspace_map(struct vmspace *space, uint64_t address, uint64_t size, int protection, int flags,
                 struct vnode *vnode, uint64_t offset);
long vmspace_unmap(struct vmspace *space, uint64_t address, uint64_t size);
long vmspace_protect(struct vmspace *space, uint64_t address, uint64_t size, int protection);
long vmspace_brk(struct vmspace *space, uint64_t end);
long vmspace_remap(struct vmspace *space, uint64_t old, uint64_t old_size, uint64_t new_size,
                   int flags, uint64_t new_address);
long vmspace_advise(struct vmspace *space, uint64_t address, uint64_t size, int advice);

/* Have the mapped pages of [start, end) in memory: 0 or the first error. all: a page that may not
 * be touched, or is behind its file's end, is one; else only lack of memory. */
long vmspace_populate(struct vmspace *space, uint64_t start, uint64_t end, bool all);

/* mlock2(2), munlock(2): 0, -EINVAL, -ENOMEM, -EAGAIN. on_fault: pages are not brought in. */
long vmspace_lock(struct vmspace *space, uint64_t address, uint64_t size, bool on_fault);
long vmspace_unlock(struct vmspace *space, uint64_t address, uint64_t size);
/* mlockall(2), munlockall(2): what is there now, and what comes. */
long vmspace_lock_all(struct vmspace *space, bool current, bool future, bool on_fault);
long vmspace_unlock_all(struct vmspace *space);

/* msync(2): what is mapped is the file, so that nothing is left to write. 0, -EINVAL, -ENOMEM;
 * invalidate: -EBUSY where memory is locked. */
long vmspace_sync(struct vmspace *space, uint64_t address, uint64_t size, bool invalidate);

/* mincore(2) on `count` pages: one byte each, 1 when it is in memory. -ENOMEM for a gap. */
long vmspace_resident(struct vmspace *space, uint64_t address, uint64_t count, uint8_t *pages);

#define FAULT_WRITE (1u << 0)
#define FAULT_EXEC  (1u << 1)

/* Resolve a fault at a user address: 0 (try the instruction again), -EFAULT (SIGSEGV),
 * -EIO (SIGBUS), -ENOMEM (SIGKILL): then the calling process ends for want of memory. Where there
 * is none another process may end first (proc/out_of_memory.h), so that this may sleep. */
int __must_check vmspace_fault(struct vmspace *space, uint64_t address, unsigned int access);
