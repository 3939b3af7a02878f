/* SPDX-License-Identifier: MIT
 *
 * The boundary's parts, for each other only.
 */
#pragma once

#include <stdbool.h>

#include <kernel/boundary/boundary.h>
#include <kernel/boundary/service.h>

struct boundary_record;
struct service_call;

enum call_end {
	CALL_RETURNED,
	CALL_REFUSED, /* the service was closed */
	CALL_FELL,    /* it landed, was logged and counted, and the service wants repair */
	CALL_ENDED,   /* it landed because the service was being repaired for another's fall */
};

/* One call with a boundary record, whatever the service's state: the supervisor starts
 * services through it. Its result, -EIO when it did not return. */
long boundary_run(struct service *service, const struct service_call *call, enum call_end *end);

/* A call or core function inside a service has ended: if the calling service is itself to be
 * ended from outside, that happens now. */
void boundary_settle(void);

/* Why a call that returned must not end well, in words for a log; NULL: it may. What it freed
 * is still there, so a call that falls for this is undone whole. */
const char *ledger_fault(struct service *service, const struct ledger_call *ledger);

/* A call that has returned falls all the same. */
void boundary_reject(struct boundary_record *record, const char *message);
