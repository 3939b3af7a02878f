/* SPDX-License-Identifier: MIT
 *
 * What the core tells of a process: a copy, for services to show (procfs). No
 * pointer into the core.
 */
#pragma once

#include <stdint.h>

typedef int32_t process_id;

struct process_info {
	process_id id, parent, group, session, terminal_group;
	char state; /* R S D T Z */
	char name[16];
	uint32_t uid, gid, umask;
	int terminal;                                  /* device number or 0 */
	uint64_t user_ticks, kernel_ticks, start_time; /* USER_HZ 100 for ticks, ns for start */
	uint64_t virtual_bytes, resident_pages;
	uint32_t cpu, tasks;
	char executable[256];
	uint32_t command_line_size;
	char command_line[1024];
};
