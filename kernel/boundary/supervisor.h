/* SPDX-License-Identifier: MIT
 *
 * After a fall: count it, log it, repair the service or put it into quarantine.
 */
#pragma once

#include <stddef.h>

#include <aramid/check.h>
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

/* On a privileged program's demand (control.c). Both may sleep. */

/* Restart, or check and hand fresh tokens, as after a fall: calls inside are ended. 0; -EIO when
 * it is quarantined, was never started, or the repair failed. */
int __must_check supervisor_restart(struct service *service);

/* Repair a quarantined service and let calls in again, with a new budget: 0; -EINVAL when it is
 * in no quarantine; -EIO when it goes back there, since it could not be repaired. */
int __must_check supervisor_release(struct service *service);

/* A fall's backtrace as text, each frame behind the separator, as far as it fits. */
void supervisor_print_trace(const struct service_fall *fall, const char *separator, char *text,
                            size_t size);

/* First start: 0 or negative errno. */
int supervisor_start(struct service *service);
