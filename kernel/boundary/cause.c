/* SPDX-License-Identifier: MIT
 *
 * The words for causes.
 */
#include <kernel/boundary/cause.h>

const char *cause_name(enum cause cause)
{
	static const char *const names[CAUSE_COUNT] = {
#define CAUSE(name) #name,
	        CAUSES(CAUSE)
#undef CAUSE
	};

	/* Beyond the table: ended because the service is being repaired. */
	return cause < CAUSE_COUNT ? names[cause] : "quiesced";
}
