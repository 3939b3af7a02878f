/* SPDX-License-Identifier: MIT
 *
 * The table's invariant, evaluated.
 */
#include "table.h"

#include <aramid/cap_audit.h>

bool cap_table_is_sound(void)
{
	uint32_t slot;

	/* live first: what is given out meanwhile is in last before it is in live. */
	/*@ loop invariant 0 <= slot <= CAP_TABLE_SLOTS;
	    loop invariant \forall integer s; 0 <= s < slot ==>
	      cap_table[s].live <= cap_table[s].last;
	    loop assigns slot;
	    loop variant CAP_TABLE_SLOTS - slot; */
	for (slot = 0; slot < CAP_TABLE_SLOTS; slot++) {
		uint32_t live = cap_load_acquire(&cap_table[slot].live);

		if (live > cap_load_relaxed(&cap_table[slot].last))
			return false;
	}
	return true;
}
