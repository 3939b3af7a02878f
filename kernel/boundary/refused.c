/* SPDX-License-Identifier: MIT
 *
 * A token was refused: its presenter falls. When the presenter is the core itself,
 * that is a core panic.
 */
#include <aramid/cap_audit.h>
#include <aramid/cap_env.h>
#include <kernel/boundary/boundary.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>

void cap_refused(enum cap_kind kind, enum cap_refusal why, cap_owner_t presenter)
{
	char message[80];

	format(message, sizeof(message), "owner %u showed a token of kind %u: %s", presenter,
	       (unsigned int)kind, cap_refusal_name(why));
	begin_panic(CAUSE_token, NULL, message);
	panic("%s", message);
}
