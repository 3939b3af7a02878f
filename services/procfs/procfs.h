/* SPDX-License-Identifier: MIT
 *
 * procfs: the core's snapshots as text (proc(5)). It has no state: a file's text
 * is made anew for each read and the asked-for slice of it answered.
 *
 * Object numbers say what an object is: the root, a file of the system, or a file
 * of a process; so they stay valid over restarts, and a process that is gone is
 * -ENOENT.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <kernel/boundary/core_calls.h>
#include <kernel/proc/process_info.h>

#define PROCFS_ROOT            1u
#define PROCFS_DESCRIPTORS_MAX 1024 /* of a process */

#define PROCFS_PROCESS_ID_MAX 4194304 /* as Linux's limit of pid_max */

/* A text as it is made: what lies behind its first skip bytes, up to the buffer's end, is kept. */
struct procfs_text {
	char *buffer;
	size_t size, length;
	uint64_t skip;
	int error; /* why there is none */
};

void procfs_print(struct procfs_text *text, const char *fmt, ...)
        __attribute__((format(printf, 2, 3)));
void procfs_print_bytes(struct procfs_text *text, const char *bytes, size_t size);

/* One file of the system: its path and what makes its text; without that it is a directory. */
struct procfs_file {
	const char *path;
	void (*print)(struct procfs_text *text);
};

enum procfs_kind {
	PROCFS_PRINTED, /* a file, or a link with its target */
	PROCFS_CWD,     /* links that the core follows */
	PROCFS_ROOT_OF,
	PROCFS_DESCRIPTORS, /* directories: of links for descriptors, and of the tasks */
	PROCFS_TASKS,
};

/* One file of a process, or of a task, which has all but PROCFS_TASKS. */
struct procfs_process_file {
	const char *name;
	uint32_t mode;
	enum procfs_kind kind;
	void (*print)(struct procfs_text *text, const struct process_info *process);
};

/* Tables; a file's place in its table is part of its object number. */
extern const struct procfs_file procfs_files[];
extern const unsigned int procfs_file_count;
extern const struct procfs_process_file procfs_process_files[];
extern const unsigned int procfs_process_file_count;

/* memory.c, net.c, system.c, containment.c */
void procfs_print_meminfo(struct procfs_text *text);
void procfs_print_uptime(struct procfs_text *text);
void procfs_print_loadavg(struct procfs_text *text);
void procfs_print_stat(struct procfs_text *text);
void procfs_print_cpuinfo(struct procfs_text *text);
void procfs_print_version(struct procfs_text *text);
void procfs_print_filesystems(struct procfs_text *text);
void procfs_print_cmdline(struct procfs_text *text);
void procfs_print_mounts(struct procfs_text *text);
void procfs_print_interfaces(struct procfs_text *text);
void procfs_print_mountinfo(struct procfs_text *text);
void procfs_print_vmstat(struct procfs_text *text);
void procfs_print_ostype(struct procfs_text *text);
void procfs_print_osrelease(struct procfs_text *text);
void procfs_print_osversion(struct procfs_text *text);
void procfs_print_pid_max(struct procfs_text *text);
void procfs_print_ngroups_max(struct procfs_text *text);
void procfs_print_overcommit(struct procfs_text *text);
void procfs_print_queued_events(struct procfs_text *text);
void procfs_print_inotify_instances(struct procfs_text *text);
void procfs_print_inotify_watches(struct procfs_text *text);
void procfs_print_unix(struct procfs_text *text);
void procfs_print_services(struct procfs_text *text);
void procfs_print_audit(struct procfs_text *text);

#define FS_SERVICE procfs
#include <kernel/vfs/fs_service.h>
