/* SPDX-License-Identifier: MIT
 *
 * Noting old values before they change, so that the core can undo a call that
 * falls half-way. Memory that this call allocated needs no note: it goes whole.
 */
#pragma once

#include <kernel/boundary/core_calls.h>
#include <kernel/log/log.h>

/* Note an object whole, before several of its fields change. */
#define TX_NOTE(object) core_undo(&(object), sizeof(object))

/* Note the fields of an object from one to another. */
#define TX_NOTE_FIELDS(object, from, to)                                                           \
	core_undo(&(object)->from,                                                                 \
	          (uint64_t)((char *)(&(object)->to + 1) - (char *)&(object)->from))

/* Set a field, and look whether it is set: what goes wrong here is undone now, and would be found
 * too late otherwise. For what was noted, and memory that this call allocated. */
#define TX_NEW(field, value)                                                                       \
	do {                                                                                       \
		__typeof__(field) tx_new = (value);                                                \
		(field) = tx_new;                                                                  \
		if (__builtin_expect(*(volatile __typeof__(field) *)&(field) != tx_new, 0))        \
			tmpfs_broken("a field is not what it was set to");                         \
	} while (0)

/* Note one field and set it. */
#define TX_SET(field, value)                                                                       \
	do {                                                                                       \
		__typeof__(field) tx_value = (value);                                              \
		core_undo(&(field), sizeof(field));                                                \
		TX_NEW(field, tx_value);                                                           \
	} while (0)
