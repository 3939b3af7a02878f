/* SPDX-License-Identifier: MIT
 *
 * getdents64(2), getdents(2): "." and ".." from the core, the rest from the service, batch by
 * batch. The file's position is a service's cookie plus two, so that it is opaque
 * to programs and outlives a restart of the service.
 */
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/user_copy.h>
#include <kernel/vfs/directory_read.h>
#include <kernel/vfs/fs_proxies.h>
#include <kernel/vfs/vnode.h>
#include <linux/stat.h>

#define BATCH                       12u
#define DOT_COOKIE                  1u
#define COOKIE_OF_SERVICE(position) ((position) - 2)
#define POSITION_OF_COOKIE(cookie)  ((cookie) + 2)

/* As the kernel writes it to user memory (getdents64(2)). */
struct user_entry {
	uint64_t object;
	int64_t position; /* of the next entry */
	uint16_t length;  /* of this record, a multiple of 8 */
	uint8_t type;
	char name[FS_NAME_MAX + 1];
};

/* The same before Linux 2.4: the type follows the name, in the record's last byte. */
struct old_user_entry {
	uint64_t object;
	int64_t position;
	uint16_t length;
	char name[FS_NAME_MAX + 2];
};

struct destination {
	char __user *buffer;
	uint64_t size, used;
	bool old;
	union {
		struct user_entry record;
		struct old_user_entry old_record;
	};
};

static size_t record_bytes(size_t before_name, size_t behind_it)
{
	return (before_name + behind_it + 7) & ~7UL;
}

/* The record's length in bytes: its name and type are in it. */
static size_t describe(struct destination *to, const char *name, uint32_t type)
{
	size_t length = strnlen(name, FS_NAME_MAX), bytes;

	if (to->old) {
		bytes = record_bytes(offsetof(struct old_user_entry, name), length + 2);
		memset(&to->old_record, 0, bytes);
		memcpy(to->old_record.name, name, length);
		to->old_record.length = (uint16_t)bytes;
		((char *)&to->old_record)[bytes - 1] = (char)type;
		return bytes;
	}
	bytes = record_bytes(offsetof(struct user_entry, name), length + 1);
	memset(&to->record, 0, bytes);
	memcpy(to->record.name, name, length);
	to->record.length = (uint16_t)bytes;
	to->record.type = (uint8_t)type;
	return bytes;
}

/* 1: written; 0: no room; or -EFAULT. */
static int put(struct destination *to, uint64_t object, uint64_t next, uint32_t type,
               const char *name)
{
	size_t bytes = describe(to, name, type);

	if (bytes > to->size - to->used)
		return 0;
	/* Both kinds begin so. */
	to->record.object = object;
	to->record.position = (int64_t)next;
	if (copy_to_user(to->buffer + to->used, &to->record, bytes) != 0)
		return -EFAULT;
	to->used += bytes;
	return 1;
}

static int put_dots(struct vnode *directory, uint64_t *position, struct destination *to)
{
	int written = 1;

	if (*position == 0) {
		written = put(to, directory->object, DOT_COOKIE, S_IFDIR >> 12, ".");
		if (written <= 0)
			return written;
		*position = DOT_COOKIE;
	}
	if (*position == DOT_COOKIE) {
		struct vnode *parent = vnode_parent(directory);

		written = put(to, parent->object, POSITION_OF_COOKIE(0), S_IFDIR >> 12, "..");
		vnode_put(parent);
		if (written > 0)
			*position = POSITION_OF_COOKIE(0);
	}
	return written;
}

long directory_read(struct vnode *directory, uint64_t *position, void __user *buffer, uint64_t size,
                    bool old)
{
	struct {
		struct destination to;
		struct fs_entry entries[BATCH];
	} *work;
	struct destination *to;
	long count = 0;
	int written;

	if (!S_ISDIR(directory->attr.mode))
		return -ENOTDIR;
	work = heap_alloc(&core_heap, sizeof(*work));
	if (!work)
		return -ENOMEM;
	to = &work->to;
	to->buffer = buffer;
	to->size = size;
	to->old = old;
	written = put_dots(directory, position, to);
	while (written > 0) {
		count = fs_readdir(directory->service, directory->object,
		                   COOKIE_OF_SERVICE(*position), work->entries,
		                   sizeof(work->entries));
		if (count > BATCH)
			count = -EIO;
		if (count <= 0)
			break;
		for (long i = 0; i < count && written > 0; i++) {
			struct fs_entry *entry = &work->entries[i];

			written = put(to, entry->object, POSITION_OF_COOKIE(entry->cookie),
			              entry->type, entry->name);
			if (written > 0)
				*position = POSITION_OF_COOKIE(entry->cookie);
		}
	}
	if (to->used > 0)
		count = (long)to->used;
	else if (written < 0)
		count = written;
	else if (written == 0)
		count = -EINVAL; /* not even one entry fits */
	heap_free(&core_heap, work);
	return count;
}
