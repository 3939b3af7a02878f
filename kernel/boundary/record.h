/* SPDX-License-Identifier: MIT
 *
 * The boundary record: one per call into a service, on the caller's stack, linked
 * from the thread. Written by the owning thread and its interrupts only.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <aramid/profile.h>
#include <kernel/boundary/cause.h>
#include <kernel/boundary/ledger.h>
#include <kernel/boundary/service_call.h>

struct service;
struct service_rights;
struct disk_fs_rights;
struct driver_rights;
struct protocol_rights;
struct trap_frame;

#define BOUNDARY_TRACE_MAX   16
#define BOUNDARY_MESSAGE_MAX 96

struct boundary_record {
	/* boundary.S writes it: where a landing finds the saved registers. 0 while the
	 * boundary's frame does not stand: then there is nowhere to land. */
	volatile uint64_t landing;
	uint32_t rights; /* that the service's code runs with (arch/protection_key.h) */
#if ARAMID_ISOLATE_SERVICES
	uint64_t stack; /* lowest byte of the call's own stack */
#endif
	struct boundary_record *parent;
	struct service *service;
	const char *operation;
	uint32_t in_core;         /* depth of core functions that the service is in */
	uint32_t ticks;           /* that this call has run, by their weights (boundary.h) */
	volatile uint8_t pending; /* 1 + cause of a panic asked for from outside */
	uint8_t fuse;             /* inject=: falls at the return of so many core functions */
	bool unwinding;           /* the unwinder is on its way to this boundary */
	bool fallen;              /* the call has landed */
	struct ledger_call ledger;
	/* Of the fall; valid when fallen. */
	enum cause cause;
	const char *function; /* where, or NULL: then trace[0] tells */
	uint64_t started;     /* time-stamp counter at the panic */
	uint32_t trace_count;
	uint64_t trace[BOUNDARY_TRACE_MAX];
	char message[BOUNDARY_MESSAGE_MAX];
};

/* begin_panic's second half (kernel/boundary/panic.c), with its caller's registers. */
void begin_panic_from(enum cause cause, const char *function, const char *message,
                      const struct trap_frame *frame);

/* ---- arch/x86_64/unwind/boundary.S ---- */

/* Call the function, with record->landing set while it runs: where services are isolated on
 * stack_top and with record->rights, else on this stack. Its result; after boundary_land, nothing
 * meaningful. */
long boundary_enter(struct boundary_record *record, uint64_t function,
                    const uint64_t arguments[SERVICE_ARGUMENTS_MAX], uint64_t stack_top);

/* Go on behind boundary_enter's call, with the registers that it saved. */
_Noreturn void boundary_land(struct boundary_record *record);

/* Make it the call of a service's or a driver's init. In assembly, because a carrier's address may
 * not become a number in C. */
void service_call_init(struct service_call *call, int (*init)(const struct service_rights *rights),
                       const struct service_rights *rights);
void service_call_init_disk_fs(struct service_call *call,
                               int (*init)(const struct disk_fs_rights *rights),
                               const struct disk_fs_rights *rights);
void service_call_init_protocol(struct service_call *call,
                                int (*init)(const struct protocol_rights *rights),
                                const struct protocol_rights *rights);
void service_call_init_driver(struct service_call *call,
                              int (*init)(const struct driver_rights *rights),
                              const struct driver_rights *rights);

/* The return address of every call that boundary_enter makes. */
extern char boundary_return[];
