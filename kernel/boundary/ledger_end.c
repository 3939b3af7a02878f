/* SPDX-License-Identifier: MIT
 *
 * The end of a call's ledger: given back in reverse when the call falls, done when it ends well.
 * Proved (frama/ledger_spec.h).
 */
#include <kernel/boundary/ledger_end.h>

/* Does one of the first `count` entries stand for the block of this one? */
/*@ requires count <= LEDGER_CALL_ENTRIES && \valid_read(ledger->entries + (0 .. count - 1));
    assigns \nothing;
    exits \false;
    ensures \result <==>
      \exists integer i; 0 <= i < count && same_block(entry, ledger->entries[i]); */
static bool has_block(const struct ledger_call *ledger, uint32_t count, struct ledger_entry entry)
{
	uint32_t i;

	/*@ loop invariant 0 <= i <= count;
	    loop invariant \forall integer j; 0 <= j < i ==>
	      !same_block(entry, ledger->entries[j]);
	    loop assigns i;
	    loop variant count - i; */
	for (i = 0; i < count; i++)
		if (entry.kind != LEDGER_PAGE_STORE && entry.kind == ledger->entries[i].kind &&
		    entry.object == ledger->entries[i].object)
			return true;
	return false;
}

/* The invariant, as it is evaluated before a fallen call's ledger is given back. */
/*@ requires \valid_read(ledger);
    assigns \nothing;
    exits \false;
    ensures \result <==> ledger_sound(ledger); */
bool ledger_is_sound(const struct ledger_call *ledger)
{
	uint32_t i;

	if (ledger->count > LEDGER_CALL_ENTRIES)
		return false;
	/*@ loop invariant 0 <= i <= ledger->count;
	    loop invariant \forall integer k; 0 <= k < i ==>
	      ledger->entries[k].kind < LEDGER_KIND_COUNT;
	    loop invariant \forall integer k, integer j; 0 <= j < k < i ==>
	      !same_block(ledger->entries[k], ledger->entries[j]);
	    loop assigns i;
	    loop variant ledger->count - i; */
	for (i = 0; i < ledger->count; i++)
		if (ledger->entries[i].kind >= LEDGER_KIND_COUNT ||
		    has_block(ledger, i, ledger->entries[i]))
			return false;
	return true;
}

void ledger_give_back(struct service *service, struct ledger_call *ledger)
{
	struct ledger_entry entry;

	/*@ loop invariant ledger->count <= \at(ledger->count, Pre);
	    loop invariant given.count == held_above(\at(*ledger, Pre), ledger->count);
	    loop invariant given.count <= \at(ledger->count, Pre) - ledger->count;
	    loop invariant \forall integer i;
	      ledger->count <= i < \at(ledger->count, Pre) && held(ledger->entries[i]) == 1 ==>
	      0 <= held_above(\at(*ledger, Pre), i + 1) < given.count &&
	      given.entries[held_above(\at(*ledger, Pre), i + 1)] == ledger->entries[i];
	    loop assigns entry, ledger->count, given;
	    loop variant ledger->count; */
	while (ledger_pop(ledger, &entry)) {
		if (entry.kind == LEDGER_HEAP)
			ledger_free_block(service, entry);
		else if (entry.kind == LEDGER_PAGE_STORE)
			ledger_destroy_store(service, entry);
	}
}

void ledger_commit(struct service *service, struct ledger_call *ledger)
{
	/* What the call allocated is the service's now; what it gave up goes. */
	/*@ loop invariant 0 <= i <= ledger->count;
	    loop invariant given.count == ended_below(\at(*ledger, Pre), i) <= i;
	    loop invariant \forall integer j; 0 <= j < i && ended(ledger->entries[j]) == 1 ==>
	      0 <= ended_below(\at(*ledger, Pre), j) < given.count &&
	      given.entries[ended_below(\at(*ledger, Pre), j)] == ledger->entries[j];
	    loop assigns i, given;
	    loop variant ledger->count - i; */
	for (uint32_t i = 0; i < ledger->count; i++)
		if (ledger->entries[i].kind == LEDGER_HEAP_FREE)
			ledger_free_block(service, ledger->entries[i]);
	ledger->count = 0;
}
