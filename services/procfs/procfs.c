/* SPDX-License-Identifier: MIT
 *
 * Reading: the text is made anew each time, and the part that was asked for kept.
 */
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <linux/magic.h>
#include <linux/stat.h>
#include <services/procfs/object.h>

int procfs_init(const struct service_rights *rights)
{
	return 0; /* its only memory is its heap */
}

static int print_descriptor(const struct procfs_object *object, struct procfs_text *text)
{
	struct descriptor_info info;
	int found = core_descriptor_info(object->process, (int)object->index, &info);

	if (found != (int)object->index)
		return found == -EACCES ? -EACCES : -ENOENT;
	procfs_print(text, "%s", info.target);
	return 0;
}

/* The text of an object, link targets too: 0 or a negative errno. */
static int print(const struct procfs_object *object, struct procfs_text *text)
{
	const struct procfs_process_file *file;
	struct process_info process;
	struct system_info system;
	int error;

	switch (object->type) {
	case PROCFS_TYPE_FILE:
		if (!procfs_files[object->index].print)
			return -EISDIR;
		procfs_files[object->index].print(text);
		return 0;
	case PROCFS_TYPE_SELF:
		core_system_info(&system);
		procfs_print(text, "%d", system.current_process);
		return 0;
	case PROCFS_TYPE_THREAD_SELF:
		core_system_info(&system);
		procfs_print(text, "%d/task/%d", system.current_process, system.current_task);
		return 0;
	case PROCFS_TYPE_DESCRIPTOR:
		return print_descriptor(object, text);
	case PROCFS_TYPE_PROCESS_FILE:
		file = &procfs_process_files[object->index];
		if (!file->print)
			return -EISDIR;
		error = procfs_find_process(object, &process);
		if (!error)
			file->print(text, &process);
		return error ? error : text->error;
	default:
		return -EISDIR;
	}
}

static bool is_link(const struct procfs_object *object)
{
	return object->type == PROCFS_TYPE_SELF || object->type == PROCFS_TYPE_THREAD_SELF ||
	       object->type == PROCFS_TYPE_DESCRIPTOR ||
	       (object->type == PROCFS_TYPE_PROCESS_FILE &&
	        S_ISLNK(procfs_process_files[object->index].mode));
}

static long print_slice(const struct procfs_object *object, uint64_t offset, void *buffer,
                        uint64_t size)
{
	struct procfs_text text = {.buffer = buffer, .size = size, .skip = offset};
	int error = print(object, &text);

	return error ? error : (long)text.length;
}

long procfs_read(uint64_t number, uint64_t offset, void *buffer, uint64_t size)
{
	struct procfs_object object;
	int error = procfs_object_parse(number, &object);

	if (error)
		return error;
	return is_link(&object) ? -EINVAL : print_slice(&object, offset, buffer, size);
}

long procfs_readlink(uint64_t number, char *buffer, uint64_t size)
{
	struct procfs_object object;
	long length;
	int error = procfs_object_parse(number, &object);

	if (error)
		return error;
	if (!is_link(&object))
		return -EINVAL;
	length = print_slice(&object, 0, buffer, size);
	return length == 0 ? -ENOENT : length; /* a process without a program */
}

long procfs_setattr(uint64_t object, struct fs_attr *attr, uint32_t valid)
{
	return -EPERM;
}

long procfs_write(uint64_t object, uint64_t offset, const void *buffer, uint64_t size)
{
	return -EACCES;
}

long procfs_statfs(uint64_t object, struct fs_statistics *statistics)
{
	*statistics = (struct fs_statistics){.type = PROC_SUPER_MAGIC, .block_size = 4096};
	return 0;
}

#define FS_SERVICE procfs
#define FS_REFUSAL (-EPERM)
#include <kernel/vfs/fs_fixed_tree.h>
#include <kernel/vfs/fs_ops_table.h>
