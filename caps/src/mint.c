/* SPDX-License-Identifier: MIT
 *
 * Registering tokens: minting, and deriving one token from another.
 */
#include "nonce.h"
#include "table.h"

#include <aramid/cap_env.h>

static const struct cap_token not_granted;

bool cap_init(void)
{
	return cap_nonce_seed();
}

/* Can the slot take a token? One whose generations are used up stays empty for ever. */
/*@ requires slot < CAP_TABLE_SLOTS;
    assigns \nothing;
    exits \false;
    ensures \result == 0 || \result == 1;
    ensures \result == 1 <==>
      cap_table[slot].live == 0 && cap_table[slot].last < UINT32_MAX; */
static int is_free(uint32_t slot)
{
	return cap_load_relaxed(&cap_table[slot].live) == 0 && cap_table[slot].last < UINT32_MAX;
}

/* A free slot, or CAP_TABLE_SLOTS when every slot is taken. */
/*@ assigns \nothing;
    exits \false;
    ensures \result <= CAP_TABLE_SLOTS;
    ensures \result < CAP_TABLE_SLOTS ==>
      cap_table[\result].live == 0 && cap_table[\result].last < UINT32_MAX;
    ensures \result == CAP_TABLE_SLOTS ==>
      \forall integer s; 0 <= s < CAP_TABLE_SLOTS ==>
        cap_table[s].live != 0 || cap_table[s].last == UINT32_MAX; */
static uint32_t find_free_slot(void) REQUIRES_LOCK(cap_table_lock)
{
	uint32_t start = cap_next_slot < CAP_TABLE_SLOTS ? cap_next_slot : 0;
	uint32_t slot;

	/*@ loop invariant start <= slot <= CAP_TABLE_SLOTS;
	    loop invariant \forall integer s; start <= s < slot ==>
	      cap_table[s].live != 0 || cap_table[s].last == UINT32_MAX;
	    loop assigns slot;
	    loop variant CAP_TABLE_SLOTS - slot; */
	for (slot = start; slot < CAP_TABLE_SLOTS; slot++)
		if (is_free(slot))
			return slot;
	/*@ loop invariant 0 <= slot <= start;
	    loop invariant \forall integer s; 0 <= s < slot ==>
	      cap_table[s].live != 0 || cap_table[s].last == UINT32_MAX;
	    loop assigns slot;
	    loop variant start - slot; */
	for (slot = 0; slot < start; slot++)
		if (is_free(slot))
			return slot;
	return CAP_TABLE_SLOTS;
}

/* Writes a token into a free slot; live last, which is what makes the token valid. */
/*@ requires slot < CAP_TABLE_SLOTS;
    requires cap_table[slot].live == 0 && cap_table[slot].last < UINT32_MAX;
    assigns cap_table[slot], cap_next_slot;
    exits \false;
    ensures genuine(\result, kind, owner);
    ensures \result.slot == slot;
    ensures \result.generation == cap_table[slot].last;
    ensures cap_table[slot].last == \old(cap_table[slot].last) + 1; */
static struct cap_token occupy(uint32_t slot, uint64_t nonce, uint32_t kind, uint32_t owner)
        REQUIRES_LOCK(cap_table_lock)
{
	struct cap_entry *entry = &cap_table[slot];
	struct cap_token token = {.slot = slot, .generation = entry->last + 1, .nonce = nonce};

	cap_store_relaxed(&entry->last, token.generation);
	cap_store_release(&entry->nonce, nonce);
	cap_store_release(&entry->kind, kind);
	cap_store_release(&entry->owner, owner);
	cap_store_release(&entry->live, token.generation);
	cap_next_slot = slot + 1;
	return token;
}

/* A token for a free slot. What was valid before is valid after, and what was over stays over. */
/*@ requires sound;
    assigns cap_table[0 .. CAP_TABLE_SLOTS - 1], cap_next_slot, cap_nonce_state, cap_counters;
    exits \false;
    ensures sound;
    ensures \result.generation != 0 ==> genuine(\result, kind, owner);
    ensures \result.generation != 0 ==> \old(cap_table[\result.slot].live) == 0;
    ensures \result.generation != 0 ==>
      \result.generation == \old(cap_table[\result.slot].last) + 1;
    ensures \result.generation == 0 ==> \result.slot == 0 && \result.nonce == 0;
    ensures \forall integer s; 0 <= s < CAP_TABLE_SLOTS &&
      (\result.generation == 0 || s != \result.slot) ==> same_entry{Pre, Post}(s); */
static struct cap_token register_token(uint32_t kind, uint32_t owner) REQUIRES_LOCK(cap_table_lock)
{
	uint32_t slot;

	if (!cap_nonce_state.seeded) {
		cap_count(&cap_counters.refused[CAP_REFUSED_NOT_READY]);
		return not_granted;
	}
	slot = find_free_slot();
	if (slot == CAP_TABLE_SLOTS) {
		cap_count(&cap_counters.refused[CAP_REFUSED_TABLE_FULL]);
		return not_granted;
	}
	cap_count(&cap_counters.minted);
	return occupy(slot, cap_next_nonce(), kind, owner);
}

struct cap_token cap_token_mint(unsigned int kind, cap_owner_t owner)
{
	struct cap_token token;

	cap_lock_table();
	token = register_token(kind, owner);
	cap_unlock_table();
	return token;
}

/* The check is made under the lock: a token that is being revoked yields no new one after the
 * revocation has returned. */
/*@ requires sound;
    assigns cap_table[0 .. CAP_TABLE_SLOTS - 1], cap_next_slot, cap_nonce_state, cap_counters,
      cap_table_lock.held;
    exits \false;
    ensures sound;
    ensures genuine{Pre}(from, from_kind, presenter);
    ensures \result.generation != 0 ==> genuine(\result, kind, owner);
    ensures \forall struct cap_token t, integer k, integer o;
      genuine{Pre}(t, k, o) ==> genuine(t, k, o);
    ensures \forall integer s, integer g; over{Pre}(s, g) ==> over(s, g); */
static struct cap_token derive(struct cap_token from, unsigned int from_kind, unsigned int kind,
                               cap_owner_t presenter, cap_owner_t owner)
{
	struct cap_token token = not_granted;
	enum cap_refusal why;

	cap_lock_table();
	why = cap_token_check(from, from_kind, presenter);
	if (why == CAP_ACCEPTED)
		token = register_token(kind, owner);
	cap_unlock_table();
	if (why != CAP_ACCEPTED) {
		cap_refused((enum cap_kind)from_kind, why, presenter);
		__builtin_trap();
	}
	return token;
}

struct cap_token cap_token_attenuate(struct cap_token token, unsigned int from, unsigned int to)
{
	cap_owner_t presenter = cap_current_owner();

	return derive(token, from, to, presenter, presenter);
}

struct cap_token cap_token_delegate(struct cap_token token, unsigned int kind,
                                    cap_owner_t new_owner)
{
	return derive(token, kind, kind, cap_current_owner(), new_owner);
}
