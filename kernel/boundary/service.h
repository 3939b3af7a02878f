/* SPDX-License-Identifier: MIT
 *
 * The core's descriptor of a service: what the manifest says of it, what state
 * it is in, what it holds. Core memory: a service never sees it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/cap.h>
#include <aramid/profile.h>
#include <arch/cpu.h>
#include <kernel/boundary/cause.h>
#include <kernel/boundary/ledger.h>
#include <kernel/boundary/service_rights.h>
#include <kernel/mm/heap.h>
#include <kernel/sync/mutex.h>
#include <kernel/sync/wait_queue.h>

struct block_changes;
struct block_ops;
struct disk_fs_ops;
struct fs_ops;
struct transaction;

enum service_recovery { SERVICE_RESTART, SERVICE_ROLL_BACK };

enum service_state {
	SERVICE_RUNNING,     /* the only state in which calls go straight in */
	SERVICE_STOPPED,     /* not started: calls answer -EIO */
	SERVICE_RECOVERING,  /* a fall is being repaired: calls wait */
	SERVICE_QUARANTINED, /* fell too often: calls answer -EIO */
};

/* Where a service's private sections lie in the image (the linker script). */
struct service_image {
	char *text_start, *text_end;
	char *data_start, *data_end; /* data, then zeroed data */
	const char *pristine;        /* copy of the data at boot, core memory */
};

#define SERVICE_FALL_FRAMES 8

/* A fall, as the last one is remembered. */
struct service_fall {
	enum cause cause;
	const char *operation;
	uint32_t count; /* of addresses, innermost first */
	uint64_t trace[SERVICE_FALL_FRAMES];
};

struct service {
	const char *name;
	const char *mount_point; /* of a file system */
	bool on_disks;           /* a file system on disks that are mounted by it */
	uint32_t drives;         /* kind of virtio device; 0: none */
	bool is_protocol;        /* of the network */
	enum service_recovery recovery;
	bool optional;
	bool repeats;      /* what falls and changes nothing is made once more */
	cap_owner_t owner; /* 1 + index in the manifest; 0 is the core */
	/* One of them, by what it is handed. */
	int (*init)(const struct service_rights *rights);
	int (*init_disk_fs)(const struct disk_fs_rights *rights);
	int (*init_protocol)(const struct protocol_rights *rights);
	int (*init_driver)(const struct driver_rights *rights);
	/* Those of its class; NULL where calls name their function. */
	const struct fs_ops *fs;
	const struct disk_fs_ops *disk_fs;
	const struct block_ops *block;
	const struct net_device_ops *net_device;
	const struct net_protocol_ops *net_protocol;
	struct service_image image;
	volatile uint32_t state;         /* enum service_state; the supervisor writes it */
	volatile uint32_t repairs;       /* begun, ever: what was known of its objects is old */
	uint32_t in_flight;              /* calls inside; atomic */
	bool starting;                   /* its init runs: not to be ended by its own repair */
	struct transaction *transaction; /* ROLL_BACK: old values of the running call */
	char *mirror;                    /* ROLL_BACK: a copy of its data (mirror.h) */
	struct wait_queue recovered;     /* callers that wait for RUNNING */
	bool in_turn;                    /* one call at a time */
	struct mutex turn;
	struct block_changes *changes; /* on disks: what the running call wrote */
	struct heap heap;
	uint64_t heap_page_limit;
#if ARAMID_ISOLATE_SERVICES
	unsigned int key;                /* of its data, heap and stacks */
	uint64_t spare_stacks[MAX_CPUS]; /* stacks that no call runs on; taken by exchange */
	char stray_operation[16];        /* booted with stray=: this operation goes astray */
	uint32_t stray_turn;             /* how often it has */
#endif
	uint64_t causes[CAUSE_COUNT]; /* containments by cause */
	uint64_t contained, restarts;
	uint64_t landing_cycles;   /* of the last fall */
	struct service_fall last;  /* the same; contained > 0 */
	char inject_operation[16]; /* booted with inject=: this operation falls in the middle … */
	uint32_t inject_every;     /* … each so many times; 0: never */
	uint32_t inject_count;
	uint64_t window_start, window_falls; /* budget: falls within the window */
	struct spinlock counters;            /* of the counts above, and of last */
};

extern struct service services[];
extern const unsigned int service_count;

/* Start what the manifest and the command line ask for. Boot CPU, once. */
void services_start(void);

/* From here on calls fall as the command line asks (inject=SERVICE.OPERATION/N: each Nth call
 * of the operation, in the middle). After the root is filled. */
void services_arm(void);

/* Whether an address is the service's code (or the one behind it: a return address). */
static inline bool service_has_code(const struct service *service, uint64_t address)
{
	return address >= (uint64_t)service->image.text_start &&
	       address <= (uint64_t)service->image.text_end;
}

/* The service that the calling thread is in (its top boundary record), or NULL. */
struct service *service_current(void);
