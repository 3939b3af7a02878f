/* SPDX-License-Identifier: MIT
 *
 * madvise(2).
 */
#include <kernel/lib/errno.h>
#include <kernel/mm/mapping.h>
#include <kernel/mm/region.h>
#include <linux/mman.h>

/* Since Linux 5.18; older headers lack it. */
#define ADVICE_DONTNEED_LOCKED 24

/* What an advice does to each region that it meets. */
struct advice {
	int advice;
	bool drops_pages;      /* the next touch finds what the file has, or zeros */
	bool anonymous_only;   /* -EINVAL for files and shared memory */
	bool spares_locked;    /* -EINVAL for memory that is locked */
	uint32_t sets, clears; /* flags */
	unsigned int fills;    /* FILL_*: the pages are brought in */
};

#define FILL_READ  1u
#define FILL_WRITE 2u

/* Those without a mark do nothing that a program could see. */
static const struct advice advices[] = {
        {.advice = MADV_NORMAL},
        {.advice = MADV_RANDOM},
        {.advice = MADV_SEQUENTIAL},
        {.advice = MADV_WILLNEED},
        {.advice = MADV_DONTNEED, .drops_pages = true, .spares_locked = true},
        {.advice = ADVICE_DONTNEED_LOCKED, .drops_pages = true},
        {.advice = MADV_FREE, .drops_pages = true, .anonymous_only = true, .spares_locked = true},
        {.advice = MADV_DONTFORK, .sets = REGION_NOT_FORKED},
        {.advice = MADV_DOFORK, .clears = REGION_NOT_FORKED},
        {.advice = MADV_WIPEONFORK, .sets = REGION_WIPED_ON_FORK, .anonymous_only = true},
        {.advice = MADV_KEEPONFORK, .clears = REGION_WIPED_ON_FORK},
        {.advice = MADV_HUGEPAGE},
        {.advice = MADV_NOHUGEPAGE},
        {.advice = MADV_DONTDUMP},
        {.advice = MADV_DODUMP},
        {.advice = MADV_MERGEABLE},
        {.advice = MADV_UNMERGEABLE},
        {.advice = MADV_COLD, .spares_locked = true},
        {.advice = MADV_PAGEOUT, .spares_locked = true},
        {.advice = MADV_POPULATE_READ, .fills = FILL_READ},
        {.advice = MADV_POPULATE_WRITE, .fills = FILL_WRITE},
};

static const struct advice *find_advice(int advice)
{
	for (unsigned int i = 0; i < sizeof(advices) / sizeof(advices[0]); i++)
		if (advices[i].advice == advice)
			return &advices[i];
	return NULL;
}

static bool fits(const struct advice *row, const struct region *region)
{
	if (row->anonymous_only && (region->vnode != NULL || region->shared != NULL))
		return false;
	return !(row->spares_locked && region->flags & REGION_LOCKED);
}

/* One region's part of the span, from which the caller goes on. */
static void advise_region(struct vmspace *space, const struct advice *row, struct region *region,
                          const struct user_span *span)
{
	uint64_t start = region->start > span->start ? region->start : span->start;
	uint64_t end = region->end < span->end ? region->end : span->end;

	region->flags = (region->flags | row->sets) & ~row->clears;
	if (row->drops_pages)
		mapping_drop(space, start, end);
}

/* With the mutex. What is not mapped is passed over, and told at the end; what an advice does not
 * fit ends it there. */
static long advise_locked(struct vmspace *space, const struct advice *row,
                          const struct user_span *span)
{
	uint64_t at = span->start;
	struct region *region;
	long result = 0;

	if ((row->sets | row->clears) && region_split_range(space, span->start, span->end) != 0)
		return -ENOMEM;
	for (region = region_first_from(space, at);
	     region != NULL && region->start < span->end && result != -EINVAL;
	     region = region_next(space, region)) {
		if (region->start > at)
			result = -ENOMEM;
		at = region->end;
		if (fits(row, region))
			advise_region(space, row, region, span);
		else
			result = -EINVAL;
	}
	if (row->sets | row->clears)
		region_join_range(space, span->start, span->end);
	return result == 0 && at < span->end ? -ENOMEM : result;
}

/* MADV_POPULATE_READ, _WRITE: without the mutex, since files are asked for their pages. */
static long fill(struct vmspace *space, const struct advice *row, const struct user_span *span)
{
	unsigned int access = row->fills == FILL_WRITE ? FAULT_WRITE : 0;
	struct region *region;
	bool mapped;
	int error;

	for (uint64_t at = span->start; at < span->end; at += PAGE_SIZE) {
		mutex_lock(&space->lock);
		region = region_find(space, at);
		mapped = region != NULL;
		mutex_unlock(&space->lock);
		if (!mapped)
			return -ENOMEM;
		error = vmspace_fault(space, at, access);
		/* Pages without the right, and those behind the end of their file (madvise(2)). */
		if (error)
			return error == -EFAULT ? -EINVAL : error == -EIO ? -EFAULT : error;
	}
	return 0;
}

long vmspace_advise(struct vmspace *space, uint64_t address, uint64_t size, int advice)
{
	const struct advice *row = find_advice(advice);
	struct user_span span;
	long result;

	if (row == NULL || address & ~PAGE_MASK)
		return -EINVAL;
	if (size == 0)
		return 0;
	if (!user_span(address, size, &span))
		return -EINVAL;
	if (row->fills)
		return fill(space, row, &span);
	mutex_lock(&space->lock);
	result = advise_locked(space, row, &span);
	mutex_unlock(&space->lock);
	return result;
}
