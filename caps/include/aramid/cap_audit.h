/* SPDX-License-Identifier: MIT
 *
 * Audit counters of the token table. All are totals since the start except `live`.
 */
#pragma once

#include <aramid/cap_kind.h>
#include <aramid/profile.h>
#include <stdbool.h>
#include <stdint.h>

struct cap_audit {
	uint64_t minted; /* attenuations and delegations among them */
	uint64_t validated;
	uint64_t revoked;
	uint64_t refused[CAP_REFUSAL_COUNT]; /* by reason; [CAP_ACCEPTED] stays 0 */
	uint32_t live;
	uint32_t slots; /* the table's size: the most tokens that can be live */
};

/* Reads the counters, each by itself: together they are a snapshot only while no other thread uses
 * tokens. All zero in the profiles without run-time tokens. */
#if ARAMID_RUNTIME_TOKENS
void cap_read_audit(struct cap_audit *out);

/* How many live tokens the owner has; 0 after cap_revoke. */
uint32_t cap_count_live(cap_owner_t owner);

/* The table's invariant: each live generation of a slot was given out. Whoever sees it broken has a
 * table that somebody else has written to, whose tokens mean nothing any more. Any time, without
 * the lock. */
bool cap_table_is_sound(void);
#else
static inline void cap_read_audit(struct cap_audit *out)
{
	*out = (struct cap_audit){.live = 0};
}

static inline uint32_t cap_count_live(cap_owner_t owner)
{
	(void)owner;
	return 0;
}

static inline bool cap_table_is_sound(void)
{
	return true;
}
#endif

/* The word for a refusal in logs, such as "stolen"; never NULL. */
const char *cap_refusal_name(enum cap_refusal why);
