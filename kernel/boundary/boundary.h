/* SPDX-License-Identifier: MIT
 *
 * The containment boundary: call_service is the only way from the core into a
 * service, and the place where a service's panic lands. In profiles without
 * containment none of this is in the image (the direct calls of fs_proxies.h take
 * its place), and the functions below that traps and ticks use are empty.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/trap_frame.h>
#include <aramid/check.h>
#include <aramid/profile.h>
#include <kernel/boundary/cause.h>
#include <kernel/boundary/service.h>
#include <kernel/boundary/service_call.h>

/* Ticks that one call may run in the service's own code (waiting is not running). What it spends in
 * the core's functions weighs less: there it may wait for a processor that the host keeps still. */
#define WATCHDOG_TICKS       50 /* 0.2 s */
#define WATCHDOG_CORE_WEIGHT 20 /* ticks in the core for one in the service */

#if ARAMID_CONTAIN_PANICS

/* Make the call: its result, or -EIO when the service fell in it, is quarantined, or was never
 * started; -ENOMEM when there is no memory for a stack. Waits while the service is being repaired.
 * A result that call->fault finds wrong is a fall. May sleep; never under a spinlock. */
long __must_check call_service(struct service *service, const struct service_call *call);

/* Read the command line's options about containment. Before the first service starts. */
void boundary_init(void);

/* The calling service failed: unwind to its boundary. Returns when there is no boundary on
 * the stack or the fault is the core's own (then a crash dump follows).
 * function: where, a string that stays. */
void begin_panic(enum cause cause, const char *function, const char *message);

/* A CPU fault in the kernel, seen by the trap handler: the same. */
void boundary_fault(struct trap_frame *frame, enum cause cause, uint64_t address);

/* Whether an address lies in the guard page below the stack that the running call has of its
 * own. */
bool boundary_is_guard(uint64_t address);

/* Around an interrupt's handler: what runs is the core, whatever service it interrupted. */
void boundary_pause(void);
void boundary_resume(void);

/* On the way out of an interrupt: land a call that is to be ended from outside. */
void boundary_check(struct trap_frame *frame);

/* The watchdog's part of a tick. Interrupt context. */
void boundary_tick(bool from_user);

#else

static inline void boundary_init(void)
{
}

static inline void begin_panic(enum cause cause, const char *function, const char *message)
{
	(void)cause, (void)function, (void)message;
}

static inline void boundary_fault(struct trap_frame *frame, enum cause cause, uint64_t address)
{
	(void)frame, (void)cause, (void)address;
}

static inline bool boundary_is_guard(uint64_t address)
{
	(void)address;
	return false;
}

static inline void boundary_pause(void)
{
}

static inline void boundary_resume(void)
{
}

static inline void boundary_check(struct trap_frame *frame)
{
	(void)frame;
}

static inline void boundary_tick(bool from_user)
{
	(void)from_user;
}

#endif
