/* SPDX-License-Identifier: MIT
 *
 * Object numbers: 1 the root, 2 "self", 3 "thread-self", 16 and on the files of the system, and
 * from 2^16 on 2048 for each process: its directory, its files, and in the upper half its
 * descriptors; from 2^40 on the same for each task.
 */
#include <kernel/lib/errno.h>
#include <services/procfs/object.h>

#define SELF          2u
#define THREAD_SELF   3u
#define FIRST_FILE    16u
#define FIRST_PROCESS 0x10000u
#define FIRST_TASK    (1UL << 40)
#define PER_PROCESS   2048u
#define DESCRIPTORS   (PER_PROCESS - PROCFS_DESCRIPTORS_MAX) /* where they start */

uint64_t procfs_self_number(void)
{
	return SELF;
}

uint64_t procfs_thread_self_number(void)
{
	return THREAD_SELF;
}

uint64_t procfs_file_number(unsigned int index)
{
	return FIRST_FILE + index;
}

uint64_t procfs_process_number(process_id process)
{
	return FIRST_PROCESS + (uint64_t)process * PER_PROCESS;
}

uint64_t procfs_task_number(process_id task)
{
	return FIRST_TASK + (uint64_t)task * PER_PROCESS;
}

uint64_t procfs_process_file_number(uint64_t directory, unsigned int index)
{
	return directory + 1 + index;
}

uint64_t procfs_descriptor_number(uint64_t directory, unsigned int descriptor)
{
	return directory + DESCRIPTORS + descriptor;
}

/* From where the directories of this sort begin. */
static int parse_process(uint64_t number, struct procfs_object *object)
{
	unsigned int within = (unsigned int)(number % PER_PROCESS);

	if (number / PER_PROCESS >= PROCFS_PROCESS_ID_MAX)
		return -ENOENT;
	object->process = (process_id)(number / PER_PROCESS);
	object->directory = object->is_task ? procfs_task_number(object->process)
	                                    : procfs_process_number(object->process);
	object->type = PROCFS_TYPE_PROCESS;
	if (within == 0)
		return 0;
	if (within >= DESCRIPTORS) {
		object->type = PROCFS_TYPE_DESCRIPTOR;
		object->index = within - DESCRIPTORS;
		return 0;
	}
	object->type = PROCFS_TYPE_PROCESS_FILE;
	object->index = within - 1;
	return object->index < procfs_process_file_count ? 0 : -ENOENT;
}

int procfs_object_parse(uint64_t number, struct procfs_object *object)
{
	*object = (struct procfs_object){0};
	if (number == PROCFS_ROOT)
		return 0;
	if (number == SELF || number == THREAD_SELF) {
		object->type = number == SELF ? PROCFS_TYPE_SELF : PROCFS_TYPE_THREAD_SELF;
		return 0;
	}
	if (number >= FIRST_FILE && number < FIRST_FILE + procfs_file_count) {
		object->type = PROCFS_TYPE_FILE;
		object->index = (unsigned int)(number - FIRST_FILE);
		return 0;
	}
	if (number < FIRST_PROCESS)
		return -ENOENT;
	object->is_task = number >= FIRST_TASK;
	return parse_process(number - (object->is_task ? FIRST_TASK : FIRST_PROCESS), object);
}

int procfs_find_process(const struct procfs_object *object, struct process_info *process)
{
	process_id id = object->process;
	int found =
	        object->is_task ? core_task_info(0, id, process) : core_process_info(id, process);

	return id > 0 && found == id ? 0 : -ENOENT;
}

int32_t procfs_number_named(const char *name)
{
	int32_t number = 0;

	if (*name == '\0' || (*name == '0' && name[1] != '\0'))
		return -1;
	for (; *name; name++) {
		if (*name < '0' || *name > '9' || number > PROCFS_PROCESS_ID_MAX / 10)
			return -1;
		number = number * 10 + (*name - '0');
	}
	return number;
}
