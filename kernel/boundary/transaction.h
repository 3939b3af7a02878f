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

/* Core memory for the record of a service that has its second copy: 0 or -ENOMEM. */
int transaction_create(struct service *service);

/* Forget the last call's values. mutates: whether this one may change anything. */
void transaction_begin(struct service *service, bool mutates);

/* Whether a word that the call noted, and so may have changed, holds the address. */
bool transaction_refers(const struct service *service, const void *address);

/* Whether the call wrote nothing behind the end of an object that it made. */
bool transaction_keeps_ends(const struct service *service, const struct ledger_call *ledger);

/* The call has ended well: the copy follows what it noted, and what it made. */
void transaction_end(struct service *service, const struct ledger_call *ledger);

/* Put the old values back. */
void transaction_undo(struct service *service);
