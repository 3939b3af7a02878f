/* SPDX-License-Identifier: MIT
 *
 * The life of a call's ledger: what was noted is given back once each, last first, and a second
 * landing on the same ledger gives back nothing.
 */
#include <kernel/boundary/ledger_list.h>

void note_and_land(struct ledger_entry first, struct ledger_entry second);

/* The loop of kernel/boundary/ledger.c; `given` is the order in which it gives back: a number
 * stands for the entry that has it. */
/*@ requires \valid(ledger) && \valid(given + (0 .. LEDGER_CALL_ENTRIES - 1));
    requires \separated(ledger, given + (0 .. LEDGER_CALL_ENTRIES - 1));
    requires ledger->count <= LEDGER_CALL_ENTRIES;
    assigns ledger->count, given[0 .. LEDGER_CALL_ENTRIES - 1];
    ensures ledger->count == 0 && \result == \old(ledger->count);
    ensures \forall integer i; 0 <= i < \result ==>
      given[i] == ledger->entries[\result - 1 - i].number; */
static uint32_t land(struct ledger_call *ledger, uint64_t *given)
{
	struct ledger_entry entry = {LEDGER_HEAP, 0, 0};
	uint32_t count = 0;

	/*@ loop invariant count + ledger->count == \at(ledger->count, Pre);
	    loop invariant \forall integer i; 0 <= i < count ==>
	      given[i] == ledger->entries[\at(ledger->count, Pre) - 1 - i].number;
	    loop assigns count, entry, ledger->count, given[0 .. LEDGER_CALL_ENTRIES - 1];
	    loop variant ledger->count; */
	while (ledger_pop(ledger, &entry))
		given[count++] = entry.number;
	return count;
}

/*@ assigns \nothing; */
void note_and_land(struct ledger_entry first, struct ledger_entry second)
{
	uint64_t given[LEDGER_CALL_ENTRIES], again[LEDGER_CALL_ENTRIES];
	struct ledger_call ledger;
	bool noted_first, noted_second;
	uint32_t landed, landed_again;

	ledger.count = 0;
	noted_first = ledger_push(&ledger, first);
	noted_second = ledger_push(&ledger, second);
	landed = land(&ledger, given);
	landed_again = land(&ledger, again);
	/*@ assert noted_first && noted_second && landed == 2 && landed_again == 0; */
	/*@ assert given[0] == second.number && given[1] == first.number; */
}
