/* SPDX-License-Identifier: MIT
 *
 * The table of live tokens, as the files of this folder share it.
 *
 * A slot changes under the table's lock only: live goes to 0, the other fields change, live gets
 * the new generation. Each of these stores releases and each load of validation acquires, so a
 * reader that saw a field of the new token also sees that live has moved on; it reads live first
 * and last and accepts only if both are the token's generation. Generations of a slot never
 * repeat: a slot whose generations are used up stays empty.
 */
#pragma once

#include "atomic.h"
#include "table_lock.h"

#include <aramid/cap_audit.h>
#include <aramid/cap_token.h>

/* The most tokens that can be live. 24 bytes each; revoking an owner's looks at all of them. */
#ifndef CAP_TABLE_SLOTS
#define CAP_TABLE_SLOTS 2048
#endif

struct cap_entry {
	uint64_t nonce;
	uint32_t live; /* generation of the live token, 0 while there is none */
	uint32_t last; /* generation given out last; the lock's */
	uint32_t kind;
	uint32_t owner;
};

extern struct cap_entry cap_table[CAP_TABLE_SLOTS];

/* Where the search for a free slot starts: after the slot taken last, so that a slot is used again
 * as late as possible and a search is short unless the table is nearly full. */
extern uint32_t cap_next_slot;

/* Totals; see struct cap_audit. */
struct cap_counters {
	uint64_t minted;
	uint64_t validated;
	uint64_t revoked;
	uint64_t refused[CAP_REFUSAL_COUNT];
};

extern struct cap_counters cap_counters;

/* What the proofs speak of (frama/caps_spec.h has the contracts that the files share):
 * a token that is in the table for this kind and owner; */
/*@ predicate genuine(struct cap_token token, integer kind, integer owner) =
      token.slot < CAP_TABLE_SLOTS && token.generation != 0 &&
      cap_table[token.slot].live == token.generation &&
      cap_table[token.slot].nonce == token.nonce &&
      cap_table[token.slot].kind == kind && cap_table[token.slot].owner == owner; */

/* a generation of a slot that was given out and is over, whatever it was for; */
/*@ predicate over(integer slot, integer generation) =
      0 <= slot < CAP_TABLE_SLOTS && 0 < generation <= cap_table[slot].last &&
      cap_table[slot].live != generation; */

/* the table's invariant: what is live has been given out; */
/*@ predicate sound =
      \forall integer s; 0 <= s < CAP_TABLE_SLOTS ==> cap_table[s].live <= cap_table[s].last; */

/* and a slot that did not change. */
/*@ predicate same_entry{L1, L2}(integer slot) =
      \at(cap_table[slot].live, L1) == \at(cap_table[slot].live, L2) &&
      \at(cap_table[slot].last, L1) == \at(cap_table[slot].last, L2) &&
      \at(cap_table[slot].nonce, L1) == \at(cap_table[slot].nonce, L2) &&
      \at(cap_table[slot].kind, L1) == \at(cap_table[slot].kind, L2) &&
      \at(cap_table[slot].owner, L1) == \at(cap_table[slot].owner, L2); */
