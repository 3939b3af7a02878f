/* SPDX-License-Identifier: MIT
 *
 * A plugin that keeps to what it was given.
 */
#include "plugin.h"

static int list(const struct plugin_rights *rights)
{
	cap_wield(dir_read, rights->dir);
	return host_list_directory(rights->dir);
}

static int open_port(const struct plugin_rights *rights)
{
	cap_wield(port_open, rights->port);
	return host_open_port(rights->port);
}

const struct plugin_entry plugin_entries[] = {
        {"lists its directory", list},
        {"opens its port", open_port},
        {0},
};
