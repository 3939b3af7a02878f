/* SPDX-License-Identifier: MIT
 *
 * What the core tells of a process: a copy, for services to show (procfs). No
 * pointer into the core.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef int32_t process_id;

#define PROCESS_INFO_GROUPS 32
#define PROCESS_INFO_LIMITS 16

struct process_info {
	process_id id, parent, group, session, terminal_group;
	char state; /* R S D T Z */
	char name[16];
	uint32_t uid, gid, umask;
	int terminal;                                  /* device number or 0 */
	uint64_t user_ticks, kernel_ticks, start_time; /* USER_HZ 100 for ticks, ns for start */
	uint64_t virtual_bytes, resident_pages;
	uint32_t cpu, tasks;
	int nice;        /* of the first task */
	uint32_t policy; /* the same */
	char executable[256];
	uint32_t users[4], groups[4]; /* real, effective, saved, the file system's */
	uint32_t supplementary_count, supplementary[PROCESS_INFO_GROUPS]; /* the first ones */
	uint64_t effective, permitted, inheritable;                       /* capabilities */
	bool no_new_privileges;
	uint64_t pending, shared_pending, blocked, ignored, caught; /* signals */
	uint32_t queued;
	struct resource_limit_info {
		uint64_t soft, hard;
	} limits[PROCESS_INFO_LIMITS]; /* by RLIMIT_* */
	uint32_t command_line_size;
	char command_line[1024];
};
