/* SPDX-License-Identifier: MIT
 *
 * What the core tells of a process: a copy, for services to show (procfs). No
 * pointer into the core.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

typedef int32_t process_id;

/* What a process's links in /proc lead to. */
enum process_place { PROCESS_PLACE_CWD, PROCESS_PLACE_ROOT };

#define PROCESS_INFO_GROUPS 32
#define PROCESS_INFO_LIMITS 16

struct process_info {
	process_id id, parent, group, session, terminal_group;
	process_id task; /* whose figures these are, or the process's id for those of all */
	char state;      /* R S D T Z */
	char name[16];
	uint32_t uid, gid, umask;
	int terminal;                                  /* device number or 0 */
	uint64_t user_ticks, kernel_ticks, start_time; /* USER_HZ 100 for ticks, ns for start */
	uint64_t virtual_bytes, resident_pages;
	bool visible; /* the process that asks may see what follows; else it is 0 */
	uint64_t stack_start, brk_start, environment_start, environment_end;
	struct process_io {
		uint64_t bytes_read, bytes_written, reads, writes;
	} io;
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
