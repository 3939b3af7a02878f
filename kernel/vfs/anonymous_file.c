/* SPDX-License-Identifier: MIT */
#include <kernel/vfs/anonymous_file.h>

#include <asm/fcntl.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/vfs/file.h>
#include <kernel/vfs/fs.h>

/* One object stands for all, as Linux' anon_inodefs has it. */
#define ANONYMOUS_OBJECT 1

struct file *anonymous_create(const struct file_ops *ops, size_t size, uint32_t flags,
                              const char *name)
{
	void *state = heap_alloc(&core_heap, size);
	struct file *file = NULL;

	if (state)
		file = file_create(ops, flags & ~(uint32_t)O_CLOEXEC);
	if (!file) {
		heap_free(&core_heap, state);
		return NULL;
	}
	file->state = state;
	string_copy(file->path, name, sizeof(file->path));
	return file;
}

long anonymous_install(struct file *file, uint32_t flags)
{
	long descriptor = file_install(file, 0, flags & O_CLOEXEC);

	if (descriptor < 0)
		file_put(file);
	return descriptor;
}

void anonymous_close(struct file *file)
{
	heap_free(&core_heap, file->state);
}

int anonymous_stat(struct file *file, struct fs_attr *attr)
{
	memset(attr, 0, sizeof(*attr));
	attr->object = ANONYMOUS_OBJECT;
	attr->mode = 0600;
	attr->links = 1;
	return 0;
}
