/* SPDX-License-Identifier: MIT
 *
 * What a call into a service holds of the core's. The entries are given back in
 * reverse order when the call falls; when it ends well they become the service's
 * (whose heap, tokens and stores the supervisor accounts for). Fixed size, no
 * allocation: it is read on the way from a panic. Owned by the calling thread.
 */
#pragma once

#include <stdint.h>

enum ledger_kind {
	LEDGER_HEAP,       /* object: block of the service's heap */
	LEDGER_HEAP_FREE,  /* object: block to free when the call commits */
	LEDGER_PAGE_STORE, /* number: object whose store was made by this call */
};

struct ledger_entry {
	enum ledger_kind kind;
	void *object;
	uint64_t number;
};

#define LEDGER_CALL_ENTRIES 16

struct ledger_call {
	uint32_t count;
	struct ledger_entry entries[LEDGER_CALL_ENTRIES];
};

/* Note what the running call holds; overflow is a contained panic. */
void ledger_add(enum ledger_kind kind, void *object, uint64_t number);
