/* SPDX-License-Identifier: MIT
 *
 * Snapshots of the core's state for services to show (procfs). Plain data: a
 * service gets no pointer into the core.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <kernel/boundary/cause.h>

#define SERVICE_LAST_FALL_MAX 160

struct service_info {
	char name[16];
	const char *state;     /* running, stopped, recovering, quarantined */
	const char *policy;    /* restart, roll-back */
	const char *isolation; /* keys: the hardware keeps it to its own memory; none */
	/* Of a file system, as /proc/filesystems has it: "nodev", or "" on disks; NULL: it is none.
	 */
	const char *file_system;
	uint64_t contained, restarts, causes[CAUSE_COUNT];
	uint64_t heap_pages, heap_objects, tokens;
	char last_fall[SERVICE_LAST_FALL_MAX]; /* cause@operation:function+offset<…, or "-" */
	uint64_t landing_cycles; /* of the last fall, from the panic to its boundary */
};

/* An open file of a process. */
struct descriptor_info {
	uint32_t mode; /* permissions of its link in /proc: what it may do */
	char target[256];
};

/* A region of a process's memory. */
struct region_info {
	uint64_t start, end;
	bool readable, writable, executable, shared;
	uint64_t offset, object; /* of the file behind it, or 0 */
	uint32_t device;         /* the same */
	char name[256];
};

struct interface_counts {
	uint64_t frames, bytes;
	uint64_t errors;  /* the device or its driver would have none of them */
	uint64_t dropped; /* nobody took them, or there was no room */
};

/* A network interface. */
struct interface_info {
	char name[8];
	uint8_t mac[6];
	bool link_up;
	struct interface_counts received, sent;
};

struct system_info {
	uint64_t pages_total, pages_free;
	uint64_t pages_of_processes, pages_of_stores;
	uint64_t heap_pages;         /* of all heaps: how full they are varies */
	uint64_t heap_objects;       /* the core's */
	uint64_t reader_table_pages; /* page tables of current_process: its layout is random */
	uint64_t vnodes, files, spinlocks_held, mutexes_held, tokens;
	uint64_t invariants_held;              /* times that one was evaluated; 0 where none is */
	uint64_t uptime, idle_time, boot_wall; /* ns */
	uint64_t user_ticks, kernel_ticks, idle_ticks; /* 1/100 s, all CPUs */
	uint64_t context_switches, interrupts, forks;
	uint32_t processes, running, cpus, last_process;
	int32_t current_process; /* whose request the calling service serves; 0 for none */
	int32_t current_task;    /* the same */
	char command_line[256];  /* of the kernel */
};
