/* SPDX-License-Identifier: MIT
 *
 * Noting old values before they change, so that the core can undo a call that
 * falls half-way. Memory that this call allocated needs no note: it goes whole.
 */
#pragma once

#include <kernel/boundary/core_calls.h>

/* Note an object whole, before several of its fields change. */
#define TX_NOTE(object) core_undo(&(object), sizeof(object))

/* Note one field and set it. */
#define TX_SET(field, value)                                                                       \
	do {                                                                                       \
		core_undo(&(field), sizeof(field));                                                \
		(field) = (value);                                                                 \
	} while (0)
