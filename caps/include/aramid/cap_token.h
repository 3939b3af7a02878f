/* SPDX-License-Identifier: MIT
 *
 * The run-time token and the table that knows every live one: what stands behind aramid/cap.h in
 * the profiles with ARAMID_RUNTIME_TOKENS. Users of tokens need the typed face alone.
 *
 * A token names a slot of a bounded table and proves with a 64-bit nonce from a CSPRNG that it
 * was given out, not guessed. The slot's generation makes a token of an earlier use of the slot
 * stale; the owner in the table makes a stolen one useless.
 */
#pragma once

#include <aramid/cap_kind.h>
#include <stdbool.h>
#include <stdint.h>

struct cap_token {
	uint32_t slot;
	uint32_t generation; /* 0 in no live token, so a zeroed object is never valid */
	uint64_t nonce;
};

/* Seeds the nonces. Once, by the core, before the first mint. False when there is no trusted
 * source of entropy (cap_entropy): tokens work, but their nonces may be guessed, and the caller
 * must say so loudly. Must not run at the same time as any other token function. */
bool cap_init(void);

/* Registers a token of the kind for the owner. When the table is full or cap_init has not run, the
 * token is one that validates nowhere, and the failure is counted. Takes the table's lock for a
 * bounded time; neither sleeps, allocates nor panics. */
struct cap_token cap_token_mint(unsigned int kind, cap_owner_t owner);

/* Is this a live token of the kind that belongs to the presenter? Counts a refusal and tells
 * nobody. Takes no lock, time independent of the nonce and of the number of live tokens. */
enum cap_refusal cap_token_check(struct cap_token token, unsigned int kind, cap_owner_t presenter);

/* Returns only if the token is valid for the current owner; else cap_refused, and no return. */
void cap_token_validate(struct cap_token token, unsigned int kind);

/* True if the token is valid for the current owner; a refusal is counted. */
bool cap_token_is_valid(struct cap_token token, unsigned int kind);

/* Validates a token of kind `from` for the current owner, as cap_token_validate does, and
 * registers one of kind `to` for the same owner. */
struct cap_token cap_token_attenuate(struct cap_token token, unsigned int from, unsigned int to);

/* Validates the token for the current owner and registers one of the same kind for new_owner. The
 * giver keeps its own; each of the two is revoked with its owner. */
struct cap_token cap_token_delegate(struct cap_token token, unsigned int kind,
                                    cap_owner_t new_owner);

/* Was this token given out by a mint that succeeded? Says nothing about its being valid still. */
static inline bool cap_token_is_granted(struct cap_token token)
{
	return token.generation != 0;
}

/* Validates the token for the current owner, then makes it and every copy of it stale. */
void cap_token_revoke_one(struct cap_token token, unsigned int kind);

/* Makes stale every token of the owner, or of the kind. Time linear in the table's size. */
void cap_token_revoke_owner(cap_owner_t owner);
void cap_token_revoke_kind(unsigned int kind);
