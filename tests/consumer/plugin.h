/* SPDX-License-Identifier: MIT
 *
 * What the host and its plugins share: the rights that a plugin is given, the host's functions that
 * need them, and the table of entries that a plugin exports.
 */
#pragma once

#include <aramid/cap.h>

struct plugin_rights {
	CAP(dir_read) dir;
	CAP(port_open) port;
};

/* How often each was carried out; for the test. */
int host_list_directory(CAP(dir_read) cap) NEEDS_RIGHT(dir_read);
int host_open_port(CAP(port_open) cap) NEEDS_RIGHT(port_open);
int host_spawn(CAP(process_spawn) cap) NEEDS_RIGHT(process_spawn);

struct plugin_entry {
	const char *name;
	int (*run)(const struct plugin_rights *rights);
};

/* A plugin exports its entries; the last has no name. The host runs one after the other, each with
 * the plugin as the current owner. */
extern const struct plugin_entry plugin_entries[];
