/* SPDX-License-Identifier: MIT
 *
 * Slots: what definite assignment of tokens (cap001_flow.c) is solved over. A slot is one
 * token in one object of a function: a local token, a field of a local carrier or of an
 * element of a local array, a field of a carrier that outlives the function, or a field of
 * the carrier that a local pointer got from an allocator. In that last case the slot's object
 * is the pointer, which holds no token by itself.
 */
#pragma once

#include "capflow.h"

struct slot {
	struct symbol *object;
	struct symbol *kind;
	long long offset;
	bool filled_before; /* when the function is entered */
	bool was_zeroed;    /* somewhere; only for the wording */
};

/* A part of an object. */
struct area {
	struct symbol *object;
	long long offset; /* UNKNOWN_OFFSET: anywhere in it */
	long long size;
};

extern struct slot *slots;
extern size_t slot_count;

/* The slots of all that a function touches, in place of the last one's. */
void collect_slots(struct entrypoint *ep);

bool is_tracked(struct symbol *object);          /* may have slots */
struct symbol *tracked_object(pseudo_t address); /* the one whose address this is, or NULL */
struct area
area_of(const struct instruction *access); /* a load's or a store's; object may be NULL */
bool lies_within(const struct slot *slot, const struct area *area);
/* The area has tokens, and STATE says that none of them was given. */
bool is_empty(const struct area *area, const unsigned char *state);
bool is_fresh(pseudo_t pointer); /* straight from an allocator that the policy lists */
const char *slot_name(const struct slot *slot); /* "machine.link.net" */
