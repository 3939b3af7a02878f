/* SPDX-License-Identifier: MIT
 *
 * What a call into a service holds of the core's. The entries are given back in
 * reverse order when the call falls; when it ends well they become the service's
 * (whose heap, tokens and stores the supervisor accounts for). Fixed size, no
 * allocation: it is read on the way from a panic. Owned by the calling thread.
 */
#pragma once

#include <kernel/boundary/ledger_list.h>

/* Note what the running call holds; overflow is a contained panic. */
void ledger_add(enum ledger_kind kind, void *object, uint64_t number);
