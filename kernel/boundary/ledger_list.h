/* SPDX-License-Identifier: MIT
 *
 * The ledger as a stack: what was noted last is given back first, and an entry that was taken is
 * no longer there, so that it cannot be given back twice. Proved (frama/ledger_spec.h). Nothing
 * here sleeps or panics.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum ledger_kind {
	LEDGER_HEAP,       /* object: block of the service's heap; number: its size */
	LEDGER_HEAP_FREE,  /* object: block to free when the call commits */
	LEDGER_PAGE_STORE, /* number: object whose store was made by this call */
	LEDGER_KIND_COUNT,
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

/* Two entries that stand for the same block: it would be freed twice. A store that is destroyed a
 * second time is no longer there, which is allowed. */
/*@ predicate same_block(struct ledger_entry a, struct ledger_entry b) =
      a.kind == b.kind && a.kind != LEDGER_PAGE_STORE && a.object == b.object;

    // The invariant: entries of kinds that there are, and no block twice.
    predicate ledger_sound(struct ledger_call *ledger) =
      ledger->count <= LEDGER_CALL_ENTRIES &&
      (\forall integer i; 0 <= i < ledger->count ==>
        ledger->entries[i].kind < LEDGER_KIND_COUNT) &&
      (\forall integer i, integer j; 0 <= j < i < ledger->count ==>
        !same_block(ledger->entries[i], ledger->entries[j])); */

/*@ requires \valid_read(ledger);
    assigns \nothing;
    exits \false;
    ensures \result <==> ledger->count < LEDGER_CALL_ENTRIES; */
static inline bool ledger_has_room(const struct ledger_call *ledger)
{
	return ledger->count < LEDGER_CALL_ENTRIES;
}

/* Note an entry; false, and nothing changes, if the ledger is full. */
/*@ requires \valid(ledger) && ledger->count <= LEDGER_CALL_ENTRIES;
    assigns ledger->count, ledger->entries[ledger->count];
    exits \false;
    ensures \result <==> \old(ledger->count) < LEDGER_CALL_ENTRIES;
    ensures \result ==> ledger->count == \old(ledger->count) + 1 &&
      ledger->entries[\old(ledger->count)] == entry;
    ensures !\result ==> ledger->count == \old(ledger->count);
    ensures ledger_sound{Pre}(ledger) && entry.kind < LEDGER_KIND_COUNT &&
      (\forall integer i; 0 <= i < \old(ledger->count) ==>
        !same_block(entry, \at(ledger->entries[i], Pre))) ==> ledger_sound(ledger); */
static inline bool ledger_push(struct ledger_call *ledger, struct ledger_entry entry)
{
	if (ledger->count == LEDGER_CALL_ENTRIES)
		return false;
	ledger->entries[ledger->count] = entry;
	ledger->count++;
	return true;
}

/* Take the entry that was noted last into *entry; false if there is none. */
/*@ requires \valid(ledger) && \valid(entry) && \separated(ledger, entry);
    requires ledger->count <= LEDGER_CALL_ENTRIES;
    assigns ledger->count, *entry;
    exits \false;
    ensures \result <==> \old(ledger->count) > 0;
    ensures \result ==> ledger->count == \old(ledger->count) - 1 &&
      *entry == ledger->entries[ledger->count];
    ensures !\result ==> ledger->count == 0 && *entry == \old(*entry);
    ensures ledger_sound{Pre}(ledger) ==> ledger_sound(ledger); */
static inline bool ledger_pop(struct ledger_call *ledger, struct ledger_entry *entry)
{
	if (ledger->count == 0)
		return false;
	ledger->count--;
	*entry = ledger->entries[ledger->count];
	return true;
}
