/* SPDX-License-Identifier: MIT
 *
 * The names: the root has the system's files, "self" and a directory for each
 * process; a process's directory has its table's files.
 */
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <linux/stat.h>
#include <services/procfs/object.h>

const struct procfs_file procfs_files[] = {
        {"audit", procfs_print_audit},     {"cmdline", procfs_print_cmdline},
        {"cpuinfo", procfs_print_cpuinfo}, {"filesystems", procfs_print_filesystems},
        {"loadavg", procfs_print_loadavg}, {"meminfo", procfs_print_meminfo},
        {"mounts", procfs_print_mounts},   {"services", procfs_print_services},
        {"stat", procfs_print_stat},       {"uptime", procfs_print_uptime},
        {"version", procfs_print_version},
};
const unsigned int procfs_file_count = sizeof(procfs_files) / sizeof(procfs_files[0]);

long procfs_root(struct fs_attr *attr)
{
	return procfs_getattr(PROCFS_ROOT, attr);
}

static long describe(uint64_t number, uint32_t mode, const struct process_info *process,
                     struct fs_attr *attr)
{
	*attr = (struct fs_attr){
	        .object = number,
	        .mode = mode,
	        .links = S_ISDIR(mode) ? 2 : 1,
	        .flags = FS_ATTR_DIRECT,
	};
	if (process) {
		attr->uid = process->uid;
		attr->gid = process->gid;
	}
	attr->access_time = attr->modify_time = attr->change_time = core_time_wall();
	return 0;
}

long procfs_getattr(uint64_t number, struct fs_attr *attr)
{
	struct procfs_object object;
	struct process_info process;
	int error = procfs_object_parse(number, &object);

	if (error)
		return error;
	switch (object.type) {
	case PROCFS_TYPE_ROOT:
		return describe(number, S_IFDIR | 0555, NULL, attr);
	case PROCFS_TYPE_SELF:
		return describe(number, S_IFLNK | 0777, NULL, attr);
	case PROCFS_TYPE_FILE:
		return describe(number, S_IFREG | 0444, NULL, attr);
	default:
		break;
	}
	error = procfs_find_process(object.process, &process);
	if (error)
		return error;
	if (object.type == PROCFS_TYPE_PROCESS)
		return describe(number, S_IFDIR | 0555, &process, attr);
	return describe(number, procfs_process_files[object.index].mode, &process, attr);
}

static long lookup_in_root(const char *name, struct fs_attr *attr)
{
	process_id process = procfs_process_named(name);

	if (process)
		return procfs_getattr(procfs_process_number(process), attr);
	if (strcmp(name, "self") == 0)
		return procfs_getattr(procfs_self_number(), attr);
	for (unsigned int i = 0; i < procfs_file_count; i++)
		if (strcmp(name, procfs_files[i].name) == 0)
			return procfs_getattr(procfs_file_number(i), attr);
	return -ENOENT;
}

long procfs_lookup(uint64_t directory, const char *name, struct fs_attr *attr)
{
	struct procfs_object object;
	int error = procfs_object_parse(directory, &object);

	if (error)
		return error;
	if (object.type == PROCFS_TYPE_ROOT)
		return lookup_in_root(name, attr);
	if (object.type != PROCFS_TYPE_PROCESS)
		return -ENOTDIR;
	for (unsigned int i = 0; i < procfs_process_file_count; i++)
		if (strcmp(name, procfs_process_files[i].name) == 0)
			return procfs_getattr(procfs_process_file_number(object.process, i), attr);
	return -ENOENT;
}

static void fill(struct fs_entry *entry, uint64_t number, uint64_t cookie, uint32_t mode,
                 const char *name)
{
	entry->object = number;
	entry->cookie = cookie;
	entry->type = mode >> 12; /* DT_* are the type bits, readdir(3) */
	string_copy(entry->name, name, sizeof(entry->name));
}

/* Cookies of the root: 1 and on the system's files, then "self", then a process's id behind
 * them; so a reader goes on at the right process whatever came and went. */
static long read_root(uint64_t cookie, struct fs_entry *entries, uint64_t capacity)
{
	uint64_t self = procfs_file_count + 1;
	struct process_info process;
	uint32_t count = 0;

	while (count < capacity && cookie < self) {
		struct fs_entry *entry = &entries[count++];

		cookie++;
		if (cookie == self)
			fill(entry, procfs_self_number(), cookie, S_IFLNK, "self");
		else
			fill(entry, procfs_file_number((unsigned int)cookie - 1), cookie, S_IFREG,
			     procfs_files[cookie - 1].name);
	}
	while (count < capacity) {
		process_id next = core_process_info((process_id)(cookie - self) + 1, &process);
		char name[16];

		if (next <= 0)
			break;
		cookie = self + (uint64_t)next;
		format(name, sizeof(name), "%d", next);
		fill(&entries[count++], procfs_process_number(next), cookie, S_IFDIR, name);
	}
	return count;
}

static long read_process(process_id id, uint64_t cookie, struct fs_entry *entries,
                         uint64_t capacity)
{
	struct process_info process;
	uint32_t count = 0;
	int error = procfs_find_process(id, &process);

	if (error)
		return error;
	for (uint64_t i = cookie; i < procfs_process_file_count && count < capacity; i++)
		fill(&entries[count++], procfs_process_file_number(id, (unsigned int)i), i + 1,
		     procfs_process_files[i].mode, procfs_process_files[i].name);
	return count;
}

long procfs_readdir(uint64_t directory, uint64_t cookie, struct fs_entry *entries, uint64_t size)
{
	struct procfs_object object;
	int error = procfs_object_parse(directory, &object);

	if (error)
		return error;
	if (object.type == PROCFS_TYPE_ROOT)
		return read_root(cookie, entries, size / sizeof(*entries));
	if (object.type == PROCFS_TYPE_PROCESS)
		return read_process(object.process, cookie, entries, size / sizeof(*entries));
	return -ENOTDIR;
}
