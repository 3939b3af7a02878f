/* SPDX-License-Identifier: MIT */
#include "table.h"

#include <aramid/cap_env.h>

uint32_t cap_count_live(cap_owner_t owner)
{
	uint32_t live = 0;
	uint32_t slot;

	for (slot = 0; slot < CAP_TABLE_SLOTS; slot++)
		if (cap_load_acquire(&cap_table[slot].live) != 0 &&
		    cap_load_relaxed(&cap_table[slot].owner) == owner)
			live++;
	return live;
}

void cap_read_audit(struct cap_audit *out)
{
	uint32_t slot;
	int why;

	*out = (struct cap_audit){.slots = CAP_TABLE_SLOTS};
	out->minted = cap_load_relaxed(&cap_counters.minted);
	out->validated = cap_sum_validations();
	out->revoked = cap_load_relaxed(&cap_counters.revoked);
	for (why = 0; why < CAP_REFUSAL_COUNT; why++)
		out->refused[why] = cap_load_relaxed(&cap_counters.refused[why]);
	for (slot = 0; slot < CAP_TABLE_SLOTS; slot++)
		if (cap_load_relaxed(&cap_table[slot].live) != 0)
			out->live++;
}
