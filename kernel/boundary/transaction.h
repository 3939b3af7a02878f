/* SPDX-License-Identifier: MIT
 *
 * Undoing a call of a service whose memory is the truth: before it changes a byte it
 * has the old value noted here, in core memory that it cannot write. Owned by
 * whoever has the service's turn.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <kernel/boundary/service.h>

/* Core memory for a service's record: 0 or -ENOMEM. */
int transaction_create(struct service *service);

/* Forget the last call's values. mutates: whether this one may change anything. */
void transaction_begin(struct service *service, bool mutates);

/* Put the old values back, last first. */
void transaction_undo(struct service *service);
