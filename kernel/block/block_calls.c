/* SPDX-License-Identifier: MIT
 *
 * What a file system may do with the disks that are mounted by it: the core's side of the
 * core_block_* rows of core_calls.def. The gate has validated the token.
 */
#include <kernel/block/block_cache.h>
#include <kernel/block/block_changes.h>
#include <kernel/block/disk.h>
#include <kernel/boundary/core_call_impl.h>
#include <kernel/boundary/own_memory.h>
#include <kernel/boundary/service.h>
#include <kernel/lib/errno.h>

/* Within one page of a disk that the caller holds. */
static int check(uint32_t number, uint64_t offset, uint64_t size)
{
	const struct disk *disk = disk_by_number(number);

	if (!disk || !disk_is_held_by(disk, service_current()))
		return -ENODEV;
	if (size == 0 || size > PAGE_SIZE - offset % PAGE_SIZE || offset > disk_size(disk) ||
	    size > disk_size(disk) - offset)
		return -EINVAL;
	return 0;
}

int core_do_core_block_read(CAP(block_read) cap, uint32_t number, uint64_t offset, void *buffer,
                            uint64_t size)
{
	int error = check(number, offset, size), fault = 0;
	struct block_page *page;
	bool made;

	(void)cap;
	if (error)
		return error;
	mutex_lock(&block_cache_lock);
	error = block_cache_get(number, offset, false, &page, &made);
	if (!error)
		fault = copy_to_service(buffer, (char *)block_page_bytes(page) + offset % PAGE_SIZE,
		                        size);
	mutex_unlock(&block_cache_lock);
	if (fault)
		panic_caller(CAUSE_wild, "a block read to a bad address");
	return error;
}

static int write(uint32_t number, uint64_t offset, const void *buffer, uint64_t size,
                 enum block_rank rank, int *fault) REQUIRES_LOCK(block_cache_lock)
{
	const struct service *service = service_current();
	uint64_t at = offset % PAGE_SIZE;
	struct block_page *page;
	bool made;
	int error = block_cache_get(number, offset, size == PAGE_SIZE, &page, &made);

	if (error)
		return error;
	made = made && size == PAGE_SIZE;
	error = block_page_own(page);
	if (!error)
		error = block_changes_note(service, page, at, size, made);
	if (error && made)
		block_page_drop(page);
	if (error)
		return error;
	*fault = copy_from_service((char *)block_page_bytes(page) + at, buffer, size);
	if (!*fault)
		block_page_mark(page, at, size, rank);
	return 0;
}

int core_do_core_block_write(CAP(block_access) cap, uint32_t where, uint64_t offset,
                             const void *buffer, uint64_t size)
{
	uint32_t number = BLOCK_WHERE_NUMBER(where), rank = BLOCK_WHERE_RANK(where);
	int error = check(number, offset, size), fault = 0;

	(void)cap;
	if (!error && rank >= BLOCK_RANKS)
		error = -EINVAL;
	if (!error && !disk_may_be_written(disk_by_number(number)))
		error = -EROFS;
	if (error)
		return error;
	mutex_lock(&block_cache_lock);
	error = write(number, offset, buffer, size, rank, &fault);
	mutex_unlock(&block_cache_lock);
	if (fault)
		panic_caller(CAUSE_wild, "a block written from a bad address");
	return error;
}

int core_do_core_block_seal(CAP(block_access) cap, uint32_t number)
{
	int error = check(number, 0, 1);

	(void)cap;
	if (!error)
		block_changes_seal(service_current(), number);
	return error;
}
