/* SPDX-License-Identifier: MIT
 *
 * Files of one process (proc(5)): what ps, top and pidof read.
 */
#include <asm/resource.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <linux/stat.h>
#include <services/procfs/procfs.h>

#define NS_PER_CLOCK_TICK 10000000UL /* USER_HZ is 100 */
#define PAGE_BYTES        4096UL

static void print_stat(struct procfs_text *text, const struct process_info *p)
{
	procfs_print(text, "%d (%s) %c %d %d %d %d %d ", p->task, p->name, p->state, p->parent,
	             p->group, p->session, p->terminal, p->terminal_group);
	/* flags, minor and major faults, own and children's */
	procfs_print(text, "0 0 0 0 0 ");
	/* user and system time, children's; priority, nice, threads, itrealvalue */
	procfs_print(text, "%lu %lu 0 0 %d %d %u 0 ", p->user_ticks, p->kernel_ticks, 20 + p->nice,
	             p->nice, p->tasks);
	procfs_print(text, "%lu %lu %lu 18446744073709551615 ", p->start_time / NS_PER_CLOCK_TICK,
	             p->virtual_bytes, p->resident_pages);
	/* code and stack addresses, signals as of old, wchan, swaps */
	procfs_print(text, "0 0 %lu 0 0 0 0 0 0 0 0 0 ", p->stack_start);
	/* exit signal, processor, real-time priority and policy, delays, guest times */
	procfs_print(text, "17 %u 0 %u 0 0 0 ", p->cpu, p->policy);
	/* data, brk, argument and environment addresses, exit code */
	procfs_print(text, "0 0 %lu 0 0 %lu %lu 0\n", p->brk_start, p->environment_start,
	             p->environment_end);
}

static void print_cmdline(struct procfs_text *text, const struct process_info *p)
{
	uint32_t size = p->command_line_size;

	if (size > sizeof(p->command_line))
		size = sizeof(p->command_line);
	procfs_print_bytes(text, p->command_line, size);
}

static const char *state_name(char state)
{
	static const struct {
		char letter;
		const char *name;
	} names[] = {
	        {'R', "running"}, {'S', "sleeping"}, {'D', "disk sleep"},
	        {'T', "stopped"}, {'Z', "zombie"},
	};

	for (unsigned int i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].letter == state)
			return names[i].name;
	return "unknown";
}

static void print_identity(struct procfs_text *text, const struct process_info *p)
{
	procfs_print(text, "Uid:\t%u\t%u\t%u\t%u\n", p->users[0], p->users[1], p->users[2],
	             p->users[3]);
	procfs_print(text, "Gid:\t%u\t%u\t%u\t%u\nGroups:\t", p->groups[0], p->groups[1],
	             p->groups[2], p->groups[3]);
	for (uint32_t i = 0; i < p->supplementary_count; i++)
		procfs_print(text, "%u ", p->supplementary[i]);
	procfs_print(text, "\n");
}

static void print_signals(struct procfs_text *text, const struct process_info *p)
{
	procfs_print(text, "SigQ:\t%u/%lu\n", p->queued, p->limits[RLIMIT_SIGPENDING].soft);
	procfs_print(text, "SigPnd:\t%016lx\nShdPnd:\t%016lx\nSigBlk:\t%016lx\n", p->pending,
	             p->shared_pending, p->blocked);
	procfs_print(text, "SigIgn:\t%016lx\nSigCgt:\t%016lx\n", p->ignored, p->caught);
}

static void print_status(struct procfs_text *text, const struct process_info *p)
{
	procfs_print(text, "Name:\t%s\nUmask:\t0%u%u%u\n", p->name, p->umask >> 6 & 7,
	             p->umask >> 3 & 7, p->umask & 7);
	procfs_print(text, "State:\t%c (%s)\nTgid:\t%d\nNgid:\t0\n", p->state, state_name(p->state),
	             p->id);
	procfs_print(text, "Pid:\t%d\nPPid:\t%d\nTracerPid:\t0\n", p->task, p->parent);
	print_identity(text, p);
	procfs_print(text, "VmSize:\t%8lu kB\nVmRSS:\t%8lu kB\nThreads:\t%u\n",
	             p->virtual_bytes / 1024, p->resident_pages * (PAGE_BYTES / 1024), p->tasks);
	print_signals(text, p);
	procfs_print(text, "CapInh:\t%016lx\nCapPrm:\t%016lx\nCapEff:\t%016lx\n", p->inheritable,
	             p->permitted, p->effective);
	procfs_print(text, "NoNewPrivs:\t%u\nSeccomp:\t0\n", p->no_new_privileges);
}

/* Names, units and order are those that prlimit(1) and others look for (proc(5)). */
static void print_limits(struct procfs_text *text, const struct process_info *p)
{
	static const struct {
		const char *name, *unit;
	} rows[PROCESS_INFO_LIMITS] = {
	        {"Max cpu time", "seconds"},     {"Max file size", "bytes"},
	        {"Max data size", "bytes"},      {"Max stack size", "bytes"},
	        {"Max core file size", "bytes"}, {"Max resident set", "bytes"},
	        {"Max processes", "processes"},  {"Max open files", "files"},
	        {"Max locked memory", "bytes"},  {"Max address space", "bytes"},
	        {"Max file locks", "locks"},     {"Max pending signals", "signals"},
	        {"Max msgqueue size", "bytes"},  {"Max nice priority", ""},
	        {"Max realtime priority", ""},   {"Max realtime timeout", "us"},
	};

	procfs_print(text, "%-25s %-20s %-20s %-10s\n", "Limit", "Soft Limit", "Hard Limit",
	             "Units");
	for (unsigned int i = 0; i < PROCESS_INFO_LIMITS; i++) {
		const uint64_t values[] = {p->limits[i].soft, p->limits[i].hard};

		procfs_print(text, "%-25s ", rows[i].name);
		for (unsigned int j = 0; j < 2; j++) {
			char value[24] = "unlimited";

			if (values[j] != UINT64_MAX)
				format(value, sizeof(value), "%lu", values[j]);
			procfs_print(text, "%-20s ", value);
		}
		procfs_print(text, "%-10s\n", rows[i].unit);
	}
}

static void print_comm(struct procfs_text *text, const struct process_info *p)
{
	procfs_print(text, "%s\n", p->name);
}

static void print_executable(struct procfs_text *text, const struct process_info *p)
{
	if (p->visible)
		procfs_print(text, "%s", p->executable);
	else
		text->error = -EACCES;
}

static void print_statm(struct procfs_text *text, const struct process_info *p)
{
	procfs_print(text, "%lu %lu 0 0 0 0 0\n", p->virtual_bytes / PAGE_BYTES, p->resident_pages);
}

/* Nothing is read from a disk for it, or written, but by disks' own files. */
static void print_io(struct procfs_text *text, const struct process_info *p)
{
	if (!p->visible) {
		text->error = -EACCES;
		return;
	}
	procfs_print(text, "rchar: %lu\nwchar: %lu\nsyscr: %lu\nsyscw: %lu\n", p->io.bytes_read,
	             p->io.bytes_written, p->io.reads, p->io.writes);
	procfs_print(text, "read_bytes: 0\nwrite_bytes: 0\ncancelled_write_bytes: 0\n");
}

/* It is as long as the core says, and is read from where the reader wants it. */
static void print_environment(struct procfs_text *text, const struct process_info *p)
{
	uint64_t at = text->skip;
	char piece[512];
	long count = 0;

	text->skip = 0;
	while (text->length < text->size) {
		uint64_t room = text->size - text->length;

		count = core_process_environment(p->task, at, piece,
		                                 room < sizeof(piece) ? room : sizeof(piece));
		if (count <= 0)
			break;
		procfs_print_bytes(text, piece, (size_t)count);
		at += (uint64_t)count;
	}
	if (count < 0 && count != -ENOENT) /* one that has ended has none */
		text->error = (int)count;
}

#define NAME_COLUMN "73" /* of /proc/PID/maps on Linux */

static void print_region(struct procfs_text *text, const struct region_info *region)
{
	char line[128];

	format(line, sizeof(line), "%08lx-%08lx %c%c%c%c %08lx %02x:%02x %lu ", region->start,
	       region->end, region->readable ? 'r' : '-', region->writable ? 'w' : '-',
	       region->executable ? 'x' : '-', region->shared ? 's' : 'p', region->offset,
	       region->device >> 8, region->device & 0xff, region->object);
	if (region->name[0])
		procfs_print(text, "%-" NAME_COLUMN "s%s\n", line, region->name);
	else
		procfs_print(text, "%s\n", line);
}

static void print_maps(struct procfs_text *text, const struct process_info *p)
{
	struct region_info region;
	uint64_t from = 0;
	int found;

	while ((found = core_process_region(p->task, from, &region)) > 0) {
		print_region(text, &region);
		if (region.end <= from)
			break;
		from = region.end;
	}
	if (found < 0 && found != -ENOENT)
		text->error = found;
}

static void print_mounts(struct procfs_text *text, const struct process_info *p)
{
	procfs_print_mounts(text);
}

static void print_mountinfo(struct procfs_text *text, const struct process_info *p)
{
	procfs_print_mountinfo(text);
}

#define PRINTED(name, mode, print) {name, mode, PROCFS_PRINTED, print}

const struct procfs_process_file procfs_process_files[] = {
        PRINTED("stat", S_IFREG | 0444, print_stat),
        PRINTED("cmdline", S_IFREG | 0444, print_cmdline),
        PRINTED("status", S_IFREG | 0444, print_status),
        PRINTED("comm", S_IFREG | 0444, print_comm),
        PRINTED("exe", S_IFLNK | 0777, print_executable),
        PRINTED("statm", S_IFREG | 0444, print_statm),
        PRINTED("limits", S_IFREG | 0444, print_limits),
        PRINTED("mounts", S_IFREG | 0444, print_mounts),
        PRINTED("mountinfo", S_IFREG | 0444, print_mountinfo),
        PRINTED("environ", S_IFREG | 0400, print_environment),
        PRINTED("io", S_IFREG | 0400, print_io),
        PRINTED("maps", S_IFREG | 0444, print_maps),
        {"cwd", S_IFLNK | 0777, PROCFS_CWD, NULL},
        {"root", S_IFLNK | 0777, PROCFS_ROOT_OF, NULL},
        {"fd", S_IFDIR | 0500, PROCFS_DESCRIPTORS, NULL},
        {"task", S_IFDIR | 0555, PROCFS_TASKS, NULL},
};
const unsigned int procfs_process_file_count =
        sizeof(procfs_process_files) / sizeof(procfs_process_files[0]);
