/* SPDX-License-Identifier: MIT
 *
 * Object numbers: 1 the root, 2 "self", 16 and on the files of the system, and
 * from 2^16 on 2048 for each process: its directory, its files, and in the upper half its
 * descriptors.
 */
#include <kernel/lib/errno.h>
#include <services/procfs/object.h>

#define SELF          2u
#define FIRST_FILE    16u
#define FIRST_PROCESS 0x10000u
#define PER_PROCESS   2048u
#define DESCRIPTORS   (PER_PROCESS - PROCFS_DESCRIPTORS) /* where they start */

uint64_t procfs_self_number(void)
{
	return SELF;
}

uint64_t procfs_file_number(unsigned int index)
{
	return FIRST_FILE + index;
}

uint64_t procfs_process_number(process_id process)
{
	return FIRST_PROCESS + (uint64_t)process * PER_PROCESS;
}

uint64_t procfs_process_file_number(process_id process, unsigned int index)
{
	return procfs_process_number(process) + 1 + index;
}

uint64_t procfs_descriptor_number(process_id process, unsigned int descriptor)
{
	return procfs_process_number(process) + DESCRIPTORS + descriptor;
}

int procfs_object_parse(uint64_t number, struct procfs_object *object)
{
	*object = (struct procfs_object){0};
	if (number == PROCFS_ROOT)
		return 0;
	if (number == SELF) {
		object->type = PROCFS_TYPE_SELF;
		return 0;
	}
	if (number >= FIRST_FILE && number < FIRST_FILE + procfs_file_count) {
		object->type = PROCFS_TYPE_FILE;
		object->index = (unsigned int)(number - FIRST_FILE);
		return 0;
	}
	if (number < FIRST_PROCESS || number >= procfs_process_number(PROCFS_PROCESS_ID_MAX))
		return -ENOENT;
	number -= FIRST_PROCESS;
	object->process = (process_id)(number / PER_PROCESS);
	object->type = PROCFS_TYPE_PROCESS;
	if (number % PER_PROCESS == 0)
		return 0;
	if (number % PER_PROCESS >= DESCRIPTORS) {
		object->type = PROCFS_TYPE_DESCRIPTOR;
		object->index = (unsigned int)(number % PER_PROCESS - DESCRIPTORS);
		return 0;
	}
	object->type = PROCFS_TYPE_PROCESS_FILE;
	object->index = (unsigned int)(number % PER_PROCESS - 1);
	return object->index < procfs_process_file_count ? 0 : -ENOENT;
}

int procfs_find_process(process_id id, struct process_info *process)
{
	return id > 0 && core_process_info(id, process) == id ? 0 : -ENOENT;
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
