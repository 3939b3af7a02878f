/* SPDX-License-Identifier: MIT
 *
 * What is proved of the ledger: a fallen call's entries are given back once each, last first; of a
 * call that ended well, what it gave up is freed once each, and the rest stays the service's. The
 * functions that give back are believed, and write down here what they were given.
 */
#pragma once

#include <kernel/boundary/ledger_end.h>

/* What was given back, in this order. */
struct given {
	uint32_t count;
	struct ledger_entry entries[LEDGER_CALL_ENTRIES];
};
extern struct given given;

/*@ // 1 for what a call holds and for what it gave up, 0 for others.
    logic integer held(struct ledger_entry entry) =
      entry.kind == LEDGER_HEAP ? 1 : entry.kind == LEDGER_PAGE_STORE ? 1 : 0;
    logic integer ended(struct ledger_entry entry) = entry.kind == LEDGER_HEAP_FREE ? 1 : 0;

    // How many entries from `i` on the call holds, and how many below it the call gave up.
    logic integer held_above(struct ledger_call ledger, integer i) =
      i >= ledger.count ? 0 : held_above(ledger, i + 1) + held(ledger.entries[i]);
    logic integer ended_below(struct ledger_call ledger, integer i) =
      i <= 0 ? 0 : ended_below(ledger, i - 1) + ended(ledger.entries[i - 1]);

    predicate given_before_stays{L1, L2} =
      \forall integer i; 0 <= i < \at(given.count, L1) ==>
        \at(given.entries[i], L1) == \at(given.entries[i], L2); */

/* Believed: these change nothing that the proofs speak of but what they give back. */
/*@ requires entry.kind == LEDGER_HEAP || entry.kind == LEDGER_HEAP_FREE;
    requires given.count < LEDGER_CALL_ENTRIES;
    assigns given;
    exits \false;
    ensures given.count == \old(given.count) + 1 && given_before_stays{Pre, Post};
    ensures given.entries[\old(given.count)] == entry; */
void ledger_free_block(struct service *service, struct ledger_entry entry);

/*@ requires entry.kind == LEDGER_PAGE_STORE;
    requires given.count < LEDGER_CALL_ENTRIES;
    assigns given;
    exits \false;
    ensures given.count == \old(given.count) + 1 && given_before_stays{Pre, Post};
    ensures given.entries[\old(given.count)] == entry; */
void ledger_destroy_store(struct service *service, struct ledger_entry entry);

/* Every entry that the call held is given back, the last first and each once; nothing else is. */
/*@ requires \valid(ledger) && ledger_sound(ledger) && given.count == 0;
    requires \separated(ledger, &given);
    assigns ledger->count, given;
    exits \false;
    ensures ledger->count == 0;
    ensures given.count == held_above(\old(*ledger), 0);
    ensures \forall integer i; 0 <= i < \old(ledger->count) && held(ledger->entries[i]) == 1 ==>
      given.entries[held_above(\old(*ledger), i + 1)] == ledger->entries[i]; */
void ledger_give_back(struct service *service, struct ledger_call *ledger);

/* What the call gave up is freed, once each; nothing else is. */
/*@ requires \valid(ledger) && ledger_sound(ledger) && given.count == 0;
    requires \separated(ledger, &given);
    assigns ledger->count, given;
    exits \false;
    ensures ledger->count == 0;
    ensures given.count == ended_below(\old(*ledger), \old(ledger->count));
    ensures \forall integer i; 0 <= i < \old(ledger->count) && ended(ledger->entries[i]) == 1 ==>
      given.entries[ended_below(\old(*ledger), i)] == ledger->entries[i]; */
void ledger_commit(struct service *service, struct ledger_call *ledger);
