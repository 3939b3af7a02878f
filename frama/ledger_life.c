/* SPDX-License-Identifier: MIT
 *
 * The life of a call's ledger, proved from the contracts alone: what was noted is given back once
 * each, last first, and a second landing on the same ledger gives back nothing; of a call that
 * ended well only what it gave up goes.
 */
#include <kernel/boundary/ledger_end.c>

void land_or_end(struct service *service, struct ledger_entry block, struct ledger_entry store,
                 bool fell);

/*@ requires block.kind == LEDGER_HEAP && store.kind == LEDGER_PAGE_STORE && given.count == 0;
    assigns given; */
void land_or_end(struct service *service, struct ledger_entry block, struct ledger_entry store,
                 bool fell)
{
	struct ledger_entry given_up = {LEDGER_HEAP_FREE, block.object, 0};
	struct ledger_call ledger;
	bool sound;

	ledger.count = 0;
	ledger_push(&ledger, block);
	ledger_push(&ledger, given_up);
	if (ledger_has_room(&ledger))
		ledger_push(&ledger, store);
	sound = ledger_is_sound(&ledger);
	/*@ assert noted: ledger.count == 3 && sound; */
	if (fell) {
		/*@ assert none: held_above(ledger, 3) == 0; */
		/*@ assert last: held_above(ledger, 2) == 1; */
		/*@ assert middle: held_above(ledger, 1) == 1; */
		/*@ assert all: held_above(ledger, 0) == 2; */
		ledger_give_back(service, &ledger);
		/*@ assert landed: given.count == 2 && given.entries[0] == store &&
		      given.entries[1] == block; */
	} else {
		/*@ assert none: ended_below(ledger, 0) == 0; */
		/*@ assert first: ended_below(ledger, 1) == 0; */
		/*@ assert middle: ended_below(ledger, 2) == 1; */
		/*@ assert all: ended_below(ledger, 3) == 1; */
		ledger_commit(service, &ledger);
		/*@ assert ended: given.count == 1 && given.entries[0] == given_up; */
	}
	/*@ assert empty: ledger.count == 0; */
}
