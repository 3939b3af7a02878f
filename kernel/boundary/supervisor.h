/* SPDX-License-Identifier: MIT
 *
 * After a fall: count it, log it, repair the service or put it into quarantine.
 */
#pragma once

#include <kernel/boundary/call.h>
#include <kernel/boundary/service.h>

struct boundary_record;

/* Falls within the window that a service may have before it is quarantined. */
#define SUPERVISOR_BUDGET 10
#define SUPERVISOR_WINDOW (60 * NS_PER_SECOND)

/* Count and log a landing: whose fault it was. No lock is held. */
enum call_end supervisor_note(struct service *service, const struct boundary_record *record);

/* Repair a service that fell: closes it, waits until no other call is inside, then restarts
 * it or rolls it back. Each fall is followed by a repair of its own. May sleep. */
void supervisor_recover(struct service *service);

/* First start: 0 or negative errno. */
int supervisor_start(struct service *service);
