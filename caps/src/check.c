/* SPDX-License-Identifier: MIT
 *
 * Validation: does a token that was shown stand in the table, for this kind and this presenter?
 */
#include "constant_time.h"
#include "table.h"

#include <aramid/cap_env.h>

/* 0 if the entry is the token's, for this kind and owner. */
/*@ requires \valid_read(entry);
    assigns \nothing;
    exits \false;
    ensures \result == 0 <==>
      token.generation != 0 && entry->live == token.generation &&
      entry->nonce == token.nonce && entry->kind == kind && entry->owner == owner; */
static uint64_t compare(const struct cap_entry *entry, struct cap_token token, uint32_t kind,
                        uint32_t owner)
{
	uint64_t live_first = cap_difference(cap_load_acquire(&entry->live), token.generation);
	uint64_t nonce = cap_difference(cap_load_acquire(&entry->nonce), token.nonce);
	uint64_t of_kind = cap_difference(cap_load_acquire(&entry->kind), kind);
	uint64_t of_owner = cap_difference(cap_load_acquire(&entry->owner), owner);
	uint64_t live_last = cap_difference(cap_load_relaxed(&entry->live), token.generation);
	uint64_t zeroed = !token.generation;

	return live_first | nonce | of_kind | of_owner | live_last | zeroed;
}

/* Why an entry is not the token's. For the audit: the token has been refused already. */
/*@ requires \valid_read(entry);
    assigns \nothing;
    exits \false;
    ensures CAP_ACCEPTED < \result < CAP_REFUSAL_COUNT; */
static enum cap_refusal explain(const struct cap_entry *entry, struct cap_token token,
                                uint32_t kind)
{
	if (token.generation == 0 || cap_load_relaxed(&entry->live) != token.generation)
		return CAP_REFUSED_STALE;
	if (cap_load_relaxed(&entry->nonce) != token.nonce)
		return CAP_REFUSED_NONCE;
	if (cap_load_relaxed(&entry->kind) != kind)
		return CAP_REFUSED_KIND;
	return CAP_REFUSED_OWNER;
}

/* Out of line: the path of a valid token has no locked instruction. */
/*@ requires CAP_ACCEPTED < why < CAP_REFUSAL_COUNT;
    assigns cap_counters;
    exits \false; */
__attribute__((noinline, cold)) static void count_refusal(enum cap_refusal why)
{
	cap_count(&cap_counters.refused[why]);
}

enum cap_refusal cap_token_check(struct cap_token token, unsigned int kind, cap_owner_t presenter)
{
	enum cap_refusal why = CAP_REFUSED_NO_SLOT;

	if (token.slot < CAP_TABLE_SLOTS) {
		const struct cap_entry *entry = &cap_table[token.slot];

		if (compare(entry, token, kind, presenter) == 0) {
			cap_count_validation();
			return CAP_ACCEPTED;
		}
		why = explain(entry, token, kind);
	}
	count_refusal(why);
	return why;
}

bool cap_token_is_valid(struct cap_token token, unsigned int kind)
{
	return cap_token_check(token, kind, cap_current_owner()) == CAP_ACCEPTED;
}

void cap_token_validate(struct cap_token token, unsigned int kind)
{
	cap_owner_t presenter = cap_current_owner();
	enum cap_refusal why = cap_token_check(token, kind, presenter);

	if (why != CAP_ACCEPTED) {
		cap_refused((enum cap_kind)kind, why, presenter);
		__builtin_trap();
	}
}
