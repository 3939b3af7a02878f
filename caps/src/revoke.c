/* SPDX-License-Identifier: MIT
 *
 * Ending tokens. A revoked token is one whose generation is no longer its slot's live one, so
 * every copy of it dies with it, wherever it is kept. Each revocation then waits, without the lock,
 * for the operations that may have validated it before.
 */
#include "table.h"

#include <aramid/cap_env.h>

/*@ requires slot < CAP_TABLE_SLOTS;
    assigns cap_table[slot].live, cap_counters.revoked;
    exits \false;
    ensures cap_table[slot].live == 0; */
static void empty_slot(uint32_t slot) REQUIRES_LOCK(cap_table_lock)
{
	if (cap_load_relaxed(&cap_table[slot].live) != 0)
		cap_count(&cap_counters.revoked);
	cap_store_release(&cap_table[slot].live, 0);
}

void cap_token_revoke_owner(cap_owner_t owner)
{
	uint32_t slot;

	cap_lock_table();
	/*@ loop invariant 0 <= slot <= CAP_TABLE_SLOTS;
	    loop invariant \forall integer s; 0 <= s < slot && cap_table[s].owner == owner ==>
	      cap_table[s].live == 0;
	    loop invariant \forall integer s; slot <= s < CAP_TABLE_SLOTS ==>
	      same_entry{Pre, Here}(s);
	    loop invariant \forall integer s; 0 <= s < CAP_TABLE_SLOTS && cap_table[s].owner !=
	   owner ==> same_entry{Pre, Here}(s); loop assigns slot, cap_table[0 .. CAP_TABLE_SLOTS -
	   1].live, cap_counters; loop variant CAP_TABLE_SLOTS - slot; */
	for (slot = 0; slot < CAP_TABLE_SLOTS; slot++)
		if (cap_load_relaxed(&cap_table[slot].owner) == owner)
			empty_slot(slot);
	cap_unlock_table();
	cap_wait_for_operations();
}

void cap_token_revoke_kind(unsigned int kind)
{
	uint32_t slot;

	cap_lock_table();
	/*@ loop invariant 0 <= slot <= CAP_TABLE_SLOTS;
	    loop invariant \forall integer s; 0 <= s < slot && cap_table[s].kind == kind ==>
	      cap_table[s].live == 0;
	    loop invariant \forall integer s; slot <= s < CAP_TABLE_SLOTS ==>
	      same_entry{Pre, Here}(s);
	    loop invariant \forall integer s; 0 <= s < CAP_TABLE_SLOTS && cap_table[s].kind != kind
	   ==> same_entry{Pre, Here}(s); loop assigns slot, cap_table[0 .. CAP_TABLE_SLOTS -
	   1].live, cap_counters; loop variant CAP_TABLE_SLOTS - slot; */
	for (slot = 0; slot < CAP_TABLE_SLOTS; slot++)
		if (cap_load_relaxed(&cap_table[slot].kind) == kind)
			empty_slot(slot);
	cap_unlock_table();
	cap_wait_for_operations();
}

void cap_token_revoke_one(struct cap_token token, unsigned int kind)
{
	cap_owner_t presenter = cap_current_owner();
	enum cap_refusal why;

	cap_lock_table();
	why = cap_token_check(token, kind, presenter);
	if (why == CAP_ACCEPTED)
		empty_slot(token.slot);
	cap_unlock_table();
	if (why != CAP_ACCEPTED) {
		cap_refused((enum cap_kind)kind, why, presenter);
		__builtin_trap();
	}
	cap_wait_for_operations();
}
