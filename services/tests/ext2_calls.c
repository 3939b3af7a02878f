/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <services/ext2/ext2.h>
#include <services/tests/ext2_calls.h>
#include <services/tests/mock_block.h>
#include <services/tests/mock_core.h>

void (*ext2_before_batch)(void);

static long run_reading(struct ext2_request *r)
{
	switch (r->operation) {
	case EXT2_DO_LOOKUP:
		return ext2_lookup(r->directory, r->name, &r->attr);
	case EXT2_DO_GETATTR:
		return ext2_getattr(r->object, &r->attr);
	case EXT2_DO_READLINK:
		return ext2_readlink(r->object, r->buffer, r->size);
	case EXT2_DO_READDIR:
		return ext2_readdir(r->directory, r->offset, r->buffer, r->size);
	case EXT2_DO_MAP:
		return ext2_map(r->object, r->offset, r->size, &r->run);
	case EXT2_DO_STATFS:
		return ext2_statfs(r->object, &r->statistics);
	default:
		return -EINVAL;
	}
}

static long run(void *argument)
{
	struct ext2_request *r = argument;

	switch (r->operation) {
	case EXT2_DO_MOUNT:
		return ext2_mount(0, r->flags, &r->attr);
	case EXT2_DO_UNMOUNT:
		return ext2_unmount(0, r->flags);
	case EXT2_DO_SYNC:
		return ext2_sync(0);
	case EXT2_DO_CREATE:
		return ext2_create(r->directory, r->name, &r->new_object, r->new_name, &r->attr);
	case EXT2_DO_LINK:
		return ext2_link(r->directory, r->name, r->object, &r->attr);
	case EXT2_DO_UNLINK:
		return ext2_unlink(r->directory, r->name, r->flags);
	case EXT2_DO_RENAME:
		return ext2_rename(r->directory, r->name, r->to, r->new_name, r->flags);
	case EXT2_DO_SETATTR:
		return ext2_setattr(r->object, &r->attr, r->flags);
	case EXT2_DO_EXTEND:
		return ext2_extend(r->object, r->offset, r->size, &r->attr);
	case EXT2_DO_RELEASE:
		return ext2_release(r->object);
	default:
		return run_reading(r);
	}
}

void ext2_start(void)
{
	struct disk_fs_rights rights;

	memset(&rights, 0, sizeof(rights));
	memset(&ext2_state, 0, sizeof(ext2_state));
	if (ext2_init(&rights) != 0)
		abort();
}

bool ext2_call_falling(struct ext2_request *request, unsigned int fall_at, long *result)
{
	if (!mock_call(run, request, fall_at, result)) {
		mock_block_discard();
		ext2_start();
		return false;
	}
	if (*result < 0)
		mock_block_discard();
	else
		mock_block_commit();
	return true;
}

void ext2_sync_all(void)
{
	struct ext2_request sync = {.operation = EXT2_DO_SYNC};
	long result = 0;

	if (!ext2_call_falling(&sync, 0, &result) || result != 0) {
		fprintf(stderr, "sync answers %ld\n", result);
		abort();
	}
	if (ext2_before_batch)
		ext2_before_batch();
	mock_block_sync();
}

long ext2_call(struct ext2_request *request)
{
	struct ext2_request again = *request;
	long result = 0;

	if (!ext2_call_falling(request, 0, &result)) {
		fprintf(stderr, "operation %d fell\n", (int)request->operation);
		abort();
	}
	if (result != -ENOSPC)
		return result;
	ext2_sync_all();
	*request = again;
	if (!ext2_call_falling(request, 0, &result))
		abort();
	return result;
}

/* What map says of the rest of a page: -errno, or bytes. */
static long map(uint64_t object, uint64_t offset, struct fs_run *run)
{
	struct ext2_request r = {
	        .operation = EXT2_DO_MAP, .object = object, .offset = offset, .size = BLOCK_PAGE};
	uint64_t left = BLOCK_PAGE - offset % BLOCK_PAGE;
	long error = ext2_call(&r);

	*run = r.run;
	if (error)
		return error;
	if (run->size == 0)
		abort();
	return (long)(run->size < left ? run->size : left);
}

/* A page of contents, or as much of it as lies on blocks. */
static long move_page(uint64_t object, uint64_t page, uint8_t *bytes, bool write)
{
	uint64_t start = page * BLOCK_PAGE;

	for (uint64_t done = 0; done < BLOCK_PAGE;) {
		struct fs_run run;
		long part = map(object, start + done, &run);

		if (part < 0)
			return part;
		/* The last block of a device may end within a page. */
		if (!run.hole && run.offset + (uint64_t)part > mock_block_size())
			abort();
		if (!run.hole && write)
			mock_block_put(run.offset, bytes + done, (uint64_t)part);
		else if (!run.hole)
			mock_block_get(run.offset, bytes + done, (uint64_t)part);
		else if (!write)
			memset(bytes + done, 0, (uint64_t)part);
		done += (uint64_t)part;
	}
	return 0;
}

long ext2_write_contents(uint64_t object, uint64_t offset, const void *from, uint64_t size)
{
	struct ext2_request r = {
	        .operation = EXT2_DO_EXTEND, .object = object, .offset = offset, .size = size};
	uint64_t first = offset / BLOCK_PAGE, last = (offset + size - 1) / BLOCK_PAGE;
	uint8_t *pages = malloc((last - first + 1) * BLOCK_PAGE);
	long error = 0;

	for (uint64_t page = first; !error && page <= last; page++)
		error = move_page(object, page, pages + (page - first) * BLOCK_PAGE, false);
	if (!error)
		error = ext2_call(&r);
	memcpy(pages + offset % BLOCK_PAGE, from, size);
	for (uint64_t page = first; !error && page <= last; page++)
		error = move_page(object, page, pages + (page - first) * BLOCK_PAGE, true);
	free(pages);
	return error;
}

long ext2_read_contents(uint64_t object, uint64_t offset, void *to, uint64_t size)
{
	for (uint64_t done = 0, part; done < size; done += part) {
		uint64_t within = (offset + done) % BLOCK_PAGE;
		uint8_t page[BLOCK_PAGE];
		long error = move_page(object, (offset + done) / BLOCK_PAGE, page, false);

		if (error)
			return error;
		part = BLOCK_PAGE - within < size - done ? BLOCK_PAGE - within : size - done;
		memcpy((uint8_t *)to + done, page + within, part);
	}
	return 0;
}

long ext2_set_size(uint64_t object, uint64_t size)
{
	struct ext2_request r = {.operation = EXT2_DO_SETATTR,
	                         .object = object,
	                         .flags = FS_SET_SIZE,
	                         .attr = {.size = size}};
	uint8_t page[BLOCK_PAGE];
	long error = ext2_call(&r);

	if (error || size % BLOCK_PAGE == 0)
		return error;
	/* The core's part: what is behind the end in the last page is zeros. */
	error = move_page(object, size / BLOCK_PAGE, page, false);
	if (error)
		return error;
	memset(page + size % BLOCK_PAGE, 0, BLOCK_PAGE - size % BLOCK_PAGE);
	return move_page(object, size / BLOCK_PAGE, page, true);
}
