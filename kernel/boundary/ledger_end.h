/* SPDX-License-Identifier: MIT
 *
 * What becomes of a call's ledger. For kernel/boundary alone; nothing here sleeps.
 */
#pragma once

#include <kernel/boundary/ledger_list.h>

struct service;

/* The ledger's invariant, evaluated before a fallen call's is given back. */
bool ledger_is_sound(const struct ledger_call *ledger);

/* After a landing: what the call held is given back, the last first; it asked in vain to free. */
void ledger_give_back(struct service *service, struct ledger_call *ledger);

/* After a call that ended well: what it allocated is the service's, what it gave up is freed. */
void ledger_commit(struct service *service, struct ledger_call *ledger);

/* kernel/boundary/ledger.c: what one entry stands for. */
void ledger_free_block(struct service *service, struct ledger_entry entry);
void ledger_destroy_store(struct service *service, struct ledger_entry entry);
