/* SPDX-License-Identifier: MIT
 *
 * A hostile plugin: each entry is a way of C to make up, change, keep or steal a token. It was
 * given a directory and a port, and may spawn nothing. Lines that a checker must flag say so.
 */
#include "plugin.h"

#include <string.h>

static int use_a_literal(const struct plugin_rights *rights)
{
	(void)rights;
	cap_wield(process_spawn, (CAP(process_spawn)){}); /* flagged: CAP001 */
	return host_spawn((CAP(process_spawn)){});
}

static int use_uninitialised_memory(const struct plugin_rights *rights)
{
	CAP(process_spawn) spawn;

	(void)rights;
	cap_wield(process_spawn, spawn); /* flagged: CAP001 */
	return host_spawn(spawn);
}

static int use_a_zeroed_carrier(const struct plugin_rights *rights)
{
	struct plugin_rights zeroed = {};

	(void)rights;
	cap_wield(port_open, zeroed.port); /* flagged: CAP001 */
	return host_open_port(zeroed.port);
}

static struct plugin_rights never_filled;

static int use_a_static_carrier(const struct plugin_rights *rights)
{
	(void)rights;
	cap_wield(port_open, never_filled.port); /* flagged: CAP001 */
	return host_open_port(never_filled.port);
}

static int copy_another_kind(const struct plugin_rights *rights)
{
	CAP(port_open) port;

	memcpy(&port, &rights->dir, sizeof(port)); /* flagged: CAP004 */
	cap_wield(port_open, port);
	return host_open_port(port);
}

union disguise {
	CAP(dir_read) dir; /* flagged: CAP002 */
	CAP(process_spawn) spawn;
	unsigned char bytes[16];
};

static int disguise_another_kind(const struct plugin_rights *rights)
{
	union disguise disguise = {.dir = rights->dir};

	cap_wield(process_spawn, disguise.spawn);
	return host_spawn(disguise.spawn);
}

static int cast_a_pointer(const struct plugin_rights *rights)
{
	const CAP(process_spawn) *spawn = (const void *)&rights->dir; /* flagged: CAP002, CAP004 */

	cap_wield(process_spawn, *spawn);
	return host_spawn(*spawn);
}

static int flip_a_bit(const struct plugin_rights *rights)
{
	union disguise disguise = {.dir = rights->dir};

	disguise.bytes[sizeof(disguise.bytes) - 1] ^= 1;
	cap_wield(dir_read, disguise.dir);
	return host_list_directory(disguise.dir);
}

static int drop_the_parameter(const struct plugin_rights *rights)
{
	int (*spawn)(void) = (int (*)(void))host_spawn; /* flagged: CAP006 */

	(void)rights;
	return spawn();
}

static CAP(dir_read) kept; /* flagged: CAP002 */

static int keep_a_token(const struct plugin_rights *rights)
{
	kept = rights->dir;
	return 0;
}

/* The host has revoked all rights of the plugin between the two. */
static int use_a_kept_token(const struct plugin_rights *rights)
{
	(void)rights;
	cap_wield(dir_read, kept);
	return host_list_directory(kept);
}

/* What the host gives to the next plugin lies behind what it gave to this one. */
static int steal_a_neighbours_token(const struct plugin_rights *rights)
{
	CAP(port_open) stolen = *(&rights[1].port); /* flagged: CAP002, CAP005 */

	cap_wield(port_open, stolen);
	return host_open_port(stolen);
}

static int index_to_a_neighbours_token(const struct plugin_rights *rights)
{
	cap_wield(port_open, rights[1].port); /* flagged: CAP005 */
	return host_open_port(rights[1].port);
}

const struct plugin_entry plugin_entries[] = {
        {"use a literal", use_a_literal},
        {"use uninitialised memory", use_uninitialised_memory},
        {"use a zeroed carrier", use_a_zeroed_carrier},
        {"use a static carrier", use_a_static_carrier},
        {"copy another kind", copy_another_kind},
        {"disguise another kind", disguise_another_kind},
        {"cast a pointer", cast_a_pointer},
        {"flip a bit", flip_a_bit},
        {"drop the parameter", drop_the_parameter},
        {"steal a neighbour's token", steal_a_neighbours_token},
        {"index to a neighbour's token", index_to_a_neighbours_token},
        {"keep a token", keep_a_token},
        {"revoke", NULL},
        {"use a kept token", use_a_kept_token},
        {0},
};
