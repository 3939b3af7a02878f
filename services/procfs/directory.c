/* SPDX-License-Identifier: MIT
 *
 * The names: the root has the system's files, "self" and a directory for each
 * process; a process's directory has its table's files, "fd" its descriptors, and "task" its
 * tasks, whose directories are like the process's.
 */
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <linux/stat.h>
#include <services/procfs/object.h>

const struct procfs_file procfs_files[] = {
        {"audit", procfs_print_audit},
        {"cmdline", procfs_print_cmdline},
        {"cpuinfo", procfs_print_cpuinfo},
        {"filesystems", procfs_print_filesystems},
        {"loadavg", procfs_print_loadavg},
        {"meminfo", procfs_print_meminfo},
        {"mounts", procfs_print_mounts},
        {"net", NULL},
        {"net/dev", procfs_print_interfaces},
        {"net/unix", procfs_print_unix},
        {"services", procfs_print_services},
        {"stat", procfs_print_stat},
        {"sys", NULL},
        {"sys/fs", NULL},
        {"sys/fs/inotify", NULL},
        {"sys/fs/inotify/max_queued_events", procfs_print_queued_events},
        {"sys/fs/inotify/max_user_instances", procfs_print_inotify_instances},
        {"sys/fs/inotify/max_user_watches", procfs_print_inotify_watches},
        {"sys/kernel", NULL},
        {"sys/kernel/ngroups_max", procfs_print_ngroups_max},
        {"sys/kernel/osrelease", procfs_print_osrelease},
        {"sys/kernel/ostype", procfs_print_ostype},
        {"sys/kernel/pid_max", procfs_print_pid_max},
        {"sys/kernel/version", procfs_print_osversion},
        {"sys/vm", NULL},
        {"sys/vm/overcommit_memory", procfs_print_overcommit},
        {"uptime", procfs_print_uptime},
        {"version", procfs_print_version},
        {"vmstat", procfs_print_vmstat},
};
const unsigned int procfs_file_count = sizeof(procfs_files) / sizeof(procfs_files[0]);

static uint32_t mode_of_file(unsigned int index)
{
	return procfs_files[index].print ? S_IFREG | 0444 : S_IFDIR | 0555;
}

/* The name that a path has in a directory ("": the root), or NULL when it lies elsewhere. */
static const char *name_in(const char *directory, const char *path)
{
	size_t length = strlen(directory);

	if (length > 0) {
		if (strncmp(path, directory, length) != 0 || path[length] != '/')
			return NULL;
		path += length + 1;
	}
	return strrchr(path, '/') ? NULL : path;
}

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

static long describe_descriptor(uint64_t number, const struct procfs_object *object,
                                const struct process_info *process, struct fs_attr *attr)
{
	struct descriptor_info info;
	int found = core_descriptor_info(object->process, (int)object->index, &info);

	if (found != (int)object->index)
		return found == -EACCES ? -EACCES : -ENOENT;
	describe(number, S_IFLNK | info.mode, process, attr);
	attr->flags |= FS_ATTR_DESCRIPTOR;
	attr->device = FS_ATTR_LINK_TO(object->process, object->index);
	return 0;
}

static long describe_process_file(uint64_t number, const struct procfs_object *object,
                                  const struct process_info *process, struct fs_attr *attr)
{
	const struct procfs_process_file *file = &procfs_process_files[object->index];

	describe(number, file->mode, process, attr);
	if (file->kind == PROCFS_CWD || file->kind == PROCFS_ROOT_OF) {
		attr->flags |= FS_ATTR_PLACE;
		attr->device = FS_ATTR_LINK_TO(object->process, file->kind == PROCFS_CWD
		                                                        ? PROCESS_PLACE_CWD
		                                                        : PROCESS_PLACE_ROOT);
	}
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
	case PROCFS_TYPE_THREAD_SELF:
		return describe(number, S_IFLNK | 0777, NULL, attr);
	case PROCFS_TYPE_FILE:
		return describe(number, mode_of_file(object.index), NULL, attr);
	default:
		break;
	}
	error = procfs_find_process(&object, &process);
	if (error)
		return error;
	if (object.type == PROCFS_TYPE_PROCESS)
		return describe(number, S_IFDIR | 0555, &process, attr);
	if (object.type == PROCFS_TYPE_DESCRIPTOR)
		return describe_descriptor(number, &object, &process, attr);
	return describe_process_file(number, &object, &process, attr);
}

static long lookup_file(const char *directory, const char *name, struct fs_attr *attr)
{
	for (unsigned int i = 0; i < procfs_file_count; i++) {
		const char *own = name_in(directory, procfs_files[i].path);

		if (own && strcmp(name, own) == 0)
			return procfs_getattr(procfs_file_number(i), attr);
	}
	return -ENOENT;
}

static long lookup_in_root(const char *name, struct fs_attr *attr)
{
	int32_t process = procfs_number_named(name);

	if (process > 0)
		return procfs_getattr(procfs_process_number(process), attr);
	if (strcmp(name, "self") == 0)
		return procfs_getattr(procfs_self_number(), attr);
	if (strcmp(name, "thread-self") == 0)
		return procfs_getattr(procfs_thread_self_number(), attr);
	return lookup_file("", name, attr);
}

/* Whether the directory of a process, or of a task, has it. */
static bool is_there(const struct procfs_object *directory, unsigned int index)
{
	return !directory->is_task || procfs_process_files[index].kind != PROCFS_TASKS;
}

static long lookup_in_process(const struct procfs_object *directory, const char *name,
                              struct fs_attr *attr)
{
	for (unsigned int i = 0; i < procfs_process_file_count; i++)
		if (is_there(directory, i) && strcmp(name, procfs_process_files[i].name) == 0)
			return procfs_getattr(procfs_process_file_number(directory->directory, i),
			                      attr);
	return -ENOENT;
}

static long lookup_descriptor(const struct procfs_object *directory, const char *name,
                              struct fs_attr *attr)
{
	int32_t descriptor = procfs_number_named(name);

	if (descriptor < 0 || descriptor >= PROCFS_DESCRIPTORS_MAX)
		return -ENOENT;
	return procfs_getattr(
	        procfs_descriptor_number(directory->directory, (unsigned int)descriptor), attr);
}

static long lookup_task(const struct procfs_object *directory, const char *name,
                        struct fs_attr *attr)
{
	int32_t task = procfs_number_named(name);
	struct process_info info;

	if (task <= 0 || core_task_info(directory->process, task, &info) != task)
		return -ENOENT;
	return procfs_getattr(procfs_task_number(task), attr);
}

static long lookup_in_process_file(const struct procfs_object *object, const char *name,
                                   struct fs_attr *attr)
{
	switch (procfs_process_files[object->index].kind) {
	case PROCFS_DESCRIPTORS:
		return lookup_descriptor(object, name, attr);
	case PROCFS_TASKS:
		return lookup_task(object, name, attr);
	default:
		return -ENOTDIR;
	}
}

long procfs_lookup(uint64_t directory, const char *name, struct fs_attr *attr)
{
	struct procfs_object object;
	int error = procfs_object_parse(directory, &object);

	if (error)
		return error;
	switch (object.type) {
	case PROCFS_TYPE_ROOT:
		return lookup_in_root(name, attr);
	case PROCFS_TYPE_FILE:
		if (procfs_files[object.index].print)
			return -ENOTDIR;
		return lookup_file(procfs_files[object.index].path, name, attr);
	case PROCFS_TYPE_PROCESS:
		return lookup_in_process(&object, name, attr);
	case PROCFS_TYPE_PROCESS_FILE:
		return lookup_in_process_file(&object, name, attr);
	default:
		return -ENOTDIR;
	}
}

static void fill(struct fs_entry *entry, uint64_t number, uint64_t cookie, uint32_t mode,
                 const char *name)
{
	entry->object = number;
	entry->cookie = cookie;
	entry->type = mode >> 12; /* DT_* are the type bits, readdir(3) */
	string_copy(entry->name, name, sizeof(entry->name));
}

/* Cookies are an index behind the file's. */
static uint32_t read_files(const char *directory, uint64_t cookie, struct fs_entry *entries,
                           uint64_t capacity)
{
	uint32_t count = 0;

	for (uint64_t i = cookie; i < procfs_file_count && count < capacity; i++) {
		const char *name = name_in(directory, procfs_files[i].path);

		if (name)
			fill(&entries[count++], procfs_file_number((unsigned int)i), i + 1,
			     mode_of_file((unsigned int)i), name);
	}
	return count;
}

static uint32_t read_processes(process_id from, struct fs_entry *entries, uint64_t capacity,
                               uint64_t first_cookie)
{
	struct process_info process;
	uint32_t count = 0;

	while (count < capacity) {
		process_id next = core_process_info(from, &process);
		char name[16];

		if (next <= 0)
			break;
		format(name, sizeof(name), "%d", next);
		fill(&entries[count++], procfs_process_number(next), first_cookie + (uint64_t)next,
		     S_IFDIR, name);
		from = next + 1;
	}
	return count;
}

/* Cookies of the root: those of the files, then "self" and "thread-self", then a process's id
 * behind them; so a reader goes on at the right process whatever came and went. */
static long read_root(uint64_t cookie, struct fs_entry *entries, uint64_t capacity)
{
	uint64_t self = procfs_file_count + 1, thread_self = self + 1;
	uint32_t count = read_files("", cookie, entries, capacity);

	if (count < capacity && cookie < self)
		fill(&entries[count++], procfs_self_number(), self, S_IFLNK, "self");
	if (count < capacity && cookie < thread_self)
		fill(&entries[count++], procfs_thread_self_number(), thread_self, S_IFLNK,
		     "thread-self");
	if (cookie < thread_self)
		cookie = thread_self;
	/* A user chooses the cookie (lseek(2)): no process is behind the largest id. */
	if (cookie - thread_self >= INT32_MAX)
		return count;
	return count + read_processes((process_id)(cookie - thread_self) + 1, entries + count,
	                              capacity - count, thread_self);
}

static long read_process(const struct procfs_object *directory, uint64_t cookie,
                         struct fs_entry *entries, uint64_t capacity)
{
	struct process_info process;
	uint32_t count = 0;
	int error = procfs_find_process(directory, &process);

	if (error)
		return error;
	for (uint64_t i = cookie; i < procfs_process_file_count && count < capacity; i++) {
		unsigned int index = (unsigned int)i;

		if (is_there(directory, index))
			fill(&entries[count++],
			     procfs_process_file_number(directory->directory, index), i + 1,
			     procfs_process_files[index].mode, procfs_process_files[index].name);
	}
	return count;
}

/* A cookie is the number of the descriptor that follows. */
static long read_descriptors(const struct procfs_object *directory, uint64_t cookie,
                             struct fs_entry *entries, uint64_t capacity)
{
	struct descriptor_info info;
	uint32_t count = 0;

	while (count < capacity && cookie < PROCFS_DESCRIPTORS_MAX) {
		int next = core_descriptor_info(directory->process, (int)cookie, &info);
		char name[16];

		if (next < 0)
			return next == -ENOENT || count > 0 ? (long)count : next;
		format(name, sizeof(name), "%d", next);
		cookie = (uint64_t)next + 1;
		fill(&entries[count++],
		     procfs_descriptor_number(directory->directory, (unsigned int)next), cookie,
		     S_IFLNK, name);
	}
	return count;
}

/* A cookie is a task's id. */
static long read_tasks(const struct procfs_object *directory, uint64_t cookie,
                       struct fs_entry *entries, uint64_t capacity)
{
	struct process_info info;
	uint32_t count = 0;

	while (count < capacity && cookie < INT32_MAX) {
		process_id next = core_task_info(directory->process, (int)cookie + 1, &info);
		char name[16];

		if (next <= (process_id)cookie)
			break;
		format(name, sizeof(name), "%d", next);
		cookie = (uint64_t)next;
		fill(&entries[count++], procfs_task_number(next), cookie, S_IFDIR, name);
	}
	return count;
}

static long read_process_file(const struct procfs_object *object, uint64_t cookie,
                              struct fs_entry *entries, uint64_t capacity)
{
	switch (procfs_process_files[object->index].kind) {
	case PROCFS_DESCRIPTORS:
		return read_descriptors(object, cookie, entries, capacity);
	case PROCFS_TASKS:
		return read_tasks(object, cookie, entries, capacity);
	default:
		return -ENOTDIR;
	}
}

long procfs_readdir(uint64_t directory, uint64_t cookie, struct fs_entry *entries, uint64_t size)
{
	struct procfs_object object;
	uint64_t capacity = size / sizeof(*entries);
	int error = procfs_object_parse(directory, &object);

	if (error)
		return error;
	switch (object.type) {
	case PROCFS_TYPE_ROOT:
		return read_root(cookie, entries, capacity);
	case PROCFS_TYPE_FILE:
		if (procfs_files[object.index].print)
			return -ENOTDIR;
		return read_files(procfs_files[object.index].path, cookie, entries, capacity);
	case PROCFS_TYPE_PROCESS:
		return read_process(&object, cookie, entries, capacity);
	case PROCFS_TYPE_PROCESS_FILE:
		return read_process_file(&object, cookie, entries, capacity);
	default:
		return -ENOTDIR;
	}
}
