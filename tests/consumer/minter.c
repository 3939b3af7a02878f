/* SPDX-License-Identifier: MIT
 *
 * A hostile plugin that mints. The host does not export the mint, so it does not load.
 */
#include "plugin.h"

static int mint(const struct plugin_rights *rights)
{
	CAP(process_spawn) made = cap_mint(process_spawn, 1); /* flagged: CAP003 */

	(void)rights;
	cap_wield(process_spawn, made);
	return host_spawn(made);
}

const struct plugin_entry plugin_entries[] = {
        {"mints", mint},
        {0},
};
