/* SPDX-License-Identifier: MIT
 *
 * What a call into a service holds of the core's. The entries are given back in
 * reverse order when the call falls; when it ends well they become the service's
 * (whose heap, tokens and stores the supervisor accounts for). Fixed size, no
 * allocation: it is read on the way from a panic. Owned by the calling thread.
 */
#pragma once

#include <kernel/boundary/ledger_list.h>

/* Before something is acquired that is to be noted: that there is room for one entry more. A full
 * ledger is a contained panic, while nothing is held that it would not know of. */
void ledger_make_room(void);

/* Whether the call has given the object up: it is only kept until the call has ended well. */
bool ledger_gives_up(const struct ledger_call *ledger, const void *object);

/* Note what the running call holds; there is room. */
void ledger_add(struct ledger_entry entry);
