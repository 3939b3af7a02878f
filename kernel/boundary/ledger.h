/* SPDX-License-Identifier: MIT
 *
 * What a call into a service holds of the core's. Entries of the call are given
 * back in reverse order when the call ends badly; ledger_transfer moves an entry
 * to the service's own ledger and is the commit. Fixed size, no allocation: it is
 * read on the way from a panic. Its owner is the calling thread (call ledger) or
 * the service's turn (long ledger).
 */
#pragma once

#include <stdint.h>

enum ledger_kind {
	LEDGER_NONE,
	LEDGER_MUTEX,      /* object: struct mutex */
	LEDGER_SPINLOCK,   /* object: struct spinlock */
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
#define LEDGER_LONG_ENTRIES 16

struct ledger_call {
	uint32_t count;
	struct ledger_entry entries[LEDGER_CALL_ENTRIES];
};

struct ledger_long {
	uint32_t count;
	struct ledger_entry entries[LEDGER_LONG_ENTRIES];
};
