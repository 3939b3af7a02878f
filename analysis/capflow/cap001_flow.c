/* SPDX-License-Identifier: MIT
 *
 * CAP001, what the flow of values shows: a token is genuine on every path to the
 * place that reads it. Parameters, what functions return and what carriers behind
 * pointers hold are genuine, since each of those is checked where it was filled;
 * so the question is only whether a function's own objects were given a token
 * before they are read. That is definite assignment, solved over Sparse's linear
 * code before any of its optimisations: each load and store is still there.
 *
 * A slot is one token in one local object: a local token, or a field of a local
 * carrier. Per block, one bit a slot: genuine on all paths. Once an object's
 * address is taken, others may fill it, and it counts as filled. So does one whose
 * fault was reported: each fault is reported where it happens, once.
 */
#include <string.h>

#include "capflow.h"

#define RULE "CAP001"

struct slot {
	struct symbol *object;
	struct symbol *kind;
	long long offset;
	bool filled_before; /* a static object's: another function may have done it */
	bool was_zeroed;    /* somewhere; only for the wording */
};

/* A part of a tracked object. */
struct area {
	struct symbol *object;
	long long offset; /* UNKNOWN_OFFSET: anywhere in it */
	long long size;
};

struct block_state {
	struct basic_block *block;
	unsigned char *in, *out; /* one byte a slot: genuine or not */
};

static struct slot *slots;
static size_t slot_count, slot_room;
static struct block_state *states;
static size_t state_count;
static bool reporting; /* the solution is there: speak */

static void *grow(void *array, size_t size)
{
	array = realloc(array, size);
	if (!array)
		die("out of memory");
	return array;
}

/* ---- slots ---- */

static void add_slot(struct symbol *kind, long long offset, void *data)
{
	struct symbol *object = data;
	bool outlives;
	size_t i;

	for (i = 0; i < slot_count; i++)
		if (slots[i].object == object && slots[i].offset == offset)
			return;
	if (slot_count == slot_room) {
		slot_room = slot_room ? 2 * slot_room : 64;
		slots = grow(slots, slot_room * sizeof(*slots));
	}
	outlives = !is_automatic(object);
	slots[slot_count++] = (struct slot){
	        .object = object,
	        .kind = kind,
	        .offset = offset,
	        .filled_before = outlives && !is_never_filled(object, offset),
	        .was_zeroed = outlives,
	};
}

/* Locals, and the static objects that hold tokens. */
static bool is_tracked(struct symbol *object)
{
	return object && (is_automatic(object) || holds_token(object));
}

static struct symbol *tracked_object(pseudo_t address)
{
	return address && address->type == PSEUDO_SYM && is_tracked(address->sym) ? address->sym
	                                                                          : NULL;
}

static bool covers(const struct slot *slot, struct symbol *object, long long offset, long long size)
{
	return slot->object == object && slot->offset < offset + size &&
	       offset < slot->offset + slot->kind->bit_size / 8;
}

static bool lies_within(const struct slot *slot, const struct area *area)
{
	return slot->object == area->object &&
	       (area->offset == UNKNOWN_OFFSET ||
	        covers(slot, area->object, area->offset, area->size));
}

/* The area has tokens, and none of them was given. */
static bool is_empty(const struct area *area, const unsigned char *state)
{
	bool any = false;
	size_t i;

	for (i = 0; i < slot_count; i++) {
		if (!lies_within(&slots[i], area))
			continue;
		if (state[i])
			return false;
		any = true;
	}
	return any;
}

/* Appends the members that lead to the offset: ".link.net". */
static void append_members(char *name, size_t room, struct symbol *type, long long offset)
{
	struct symbol *member;
	const size_t length = strlen(name);

	type = bare_type(type);
	if (is_token_type(type) || type->type != SYM_STRUCT)
		return;
	FOR_EACH_PTR(type->symbol_list, member)
	{
		const long long start = member->offset;

		if (offset < start || offset >= start + member->bit_size / 8)
			continue;
		snprintf(name + length, room - length, ".%s", show_ident(member->ident));
		append_members(name, room, member, offset - start);
		return;
	}
	END_FOR_EACH_PTR(member);
}

static const char *slot_name(const struct slot *slot)
{
	static char name[128];

	snprintf(name, sizeof(name), "%s",
	         slot->object->ident ? show_ident(slot->object->ident) : "(literal)");
	append_members(name, sizeof(name), slot->object, slot->offset);
	return name;
}

/* ---- values ---- */

static struct instruction *definition(pseudo_t value)
{
	return value && value->type == PSEUDO_REG ? value->def : NULL;
}

/* Whether a value of token type came from one of the places that CAP001 lists. A
 * load is judged where it stands, so here it passes. */
static bool is_genuine(pseudo_t value, int depth)
{
	struct instruction *insn;
	pseudo_t source;

	if (!value || depth > 8)
		return true;
	if (value->type == PSEUDO_ARG)
		return true;
	insn = definition(value);
	if (!insn)
		return false; /* a constant, or nothing at all */
	switch (insn->opcode) {
	case OP_CALL:
	case OP_LOAD:
		return true;
	case OP_SLICE: /* a field of a struct that is a value: make().net */
		return is_genuine(insn->src, depth + 1);
	case OP_PHI:
		FOR_EACH_PTR(insn->phi_list, source)
		{
			if (source->def && !is_genuine(source->def->phi_src, depth + 1))
				return false;
		}
		END_FOR_EACH_PTR(source);
		return true;
	default:
		return false; /* arithmetic, casts, assembler */
	}
}

static long long size_in_bytes(struct instruction *insn)
{
	return insn->size / 8;
}

/* ---- effect of one instruction ---- */

static void report_slot(struct position pos, const struct slot *slot)
{
	if (slot->was_zeroed)
		report_finding(RULE, pos, "token '%s' is read from a zeroed object",
		               slot_name(slot));
	else
		report_finding(RULE, pos, "token '%s' is read uninitialised", slot_name(slot));
}

static bool is_literal(struct symbol *object)
{
	return object->initializer && object->initializer->type == EXPR_INITIALIZER;
}

static void apply_store(struct instruction *insn, unsigned char *state)
{
	struct symbol *object = tracked_object(insn->src);
	struct instruction *from = definition(insn->target);
	const bool constant = insn->target->type == PSEUDO_VAL;
	struct symbol *copied = NULL;
	size_t i, j;

	if (!object) {
		if (reporting && is_token_type(insn->type) && !is_genuine(insn->target, 0))
			report_finding(RULE, insn->pos, "a token field is given a made-up value");
		return;
	}
	if (from && from->opcode == OP_LOAD)
		copied = tracked_object(from->src);
	for (i = 0; i < slot_count; i++) {
		if (!covers(&slots[i], object, insn->offset, size_in_bytes(insn)))
			continue;
		if (constant) {
			/* Sparse clears each struct before its initialiser. What is a
			 * literal was reported as one. */
			state[i] = is_token_type(object) && is_literal(object);
			slots[i].was_zeroed |= !is_token_type(object);
			continue;
		}
		if (!is_struct_type(insn->type)) {
			state[i] = false;
			if (reporting)
				report_finding(RULE, insn->pos,
				               "token '%s' is written through its representation",
				               slot_name(&slots[i]));
			continue;
		}
		state[i] = is_genuine(insn->target, 0);
		if (!state[i] && reporting)
			report_finding(RULE, insn->pos, "token '%s' is given a made-up value",
			               slot_name(&slots[i]));
		/* A struct copied from another local is as full as that one. */
		for (j = 0; copied && j < slot_count; j++)
			if (slots[j].object == copied &&
			    slots[j].offset - from->offset == slots[i].offset - insn->offset) {
				state[i] = state[j];
				slots[i].was_zeroed |= slots[j].was_zeroed;
			}
	}
}

/* A carrier may be copied while some of its fields are empty. */
static bool is_only_copied(struct instruction *load)
{
	struct pseudo_user *user;

	FOR_EACH_PTR(load->target->users, user)
	{
		if (user->insn->opcode != OP_STORE || !tracked_object(user->insn->src))
			return false;
	}
	END_FOR_EACH_PTR(user);
	return true;
}

/* An element of an array: it is not known which, so it is a fault if none has a token. */
static void check_computed_load(struct instruction *load, unsigned char *state)
{
	struct area area = {.size = size_in_bytes(load)};

	area.object = object_behind(load->src, &area.offset);
	if (area.offset != UNKNOWN_OFFSET)
		area.offset += load->offset;
	if (is_tracked(area.object) && is_empty(&area, state))
		report_finding(RULE, load->pos, "a token of '%s' is read and none was given",
		               show_ident(area.object->ident));
}

static void check_load(struct instruction *insn, unsigned char *state)
{
	struct area area = {.object = tracked_object(insn->src), .offset = insn->offset};
	size_t i;

	if (!reporting || !insn->type || !is_struct_type(insn->type))
		return;
	if (!is_token_type(insn->type) && is_only_copied(insn))
		return;
	area.size = size_in_bytes(insn);
	if (!area.object) {
		check_computed_load(insn, state);
		return;
	}
	for (i = 0; i < slot_count; i++) {
		if (state[i] || !lies_within(&slots[i], &area))
			continue;
		report_slot(insn->pos, &slots[i]);
		state[i] = true;
	}
}

static void apply_address_taken(struct instruction *insn, unsigned char *state)
{
	struct symbol *object = tracked_object(insn->src);
	const bool filled = object && may_fill(insn->target, 0);
	size_t i;

	if (!object || (!filled && !is_zeroed_through(insn->target)))
		return;
	for (i = 0; i < slot_count; i++) {
		if (slots[i].object != object)
			continue;
		state[i] = filled;
		slots[i].was_zeroed |= !filled;
	}
}

/* A carrier that is shown to another function as a pointer to const is read there: it
 * must have been given some token by then. */
static void check_call(struct instruction *call, unsigned char *state)
{
	struct symbol *type;
	struct area area;
	pseudo_t argument;

	if (!reporting || !slot_count)
		return;
	FOR_EACH_PTR(call->arguments, argument)
	{
		area.object = object_behind(argument, &area.offset);
		if (!is_tracked(area.object))
			continue;
		type = type_shown(call, argument);
		if (!type)
			continue;
		area.size = type->bit_size / 8;
		if (is_empty(&area, state))
			report_finding(RULE, call->pos, "carrier '%s' is shown before it has a token",
			               show_ident(area.object->ident));
	}
	END_FOR_EACH_PTR(argument);
}

static void check_return(struct entrypoint *ep, struct instruction *insn)
{
	struct symbol *returned = ep->name->ctype.base_type->ctype.base_type;

	if (reporting && is_token_type(returned) && insn->src && !is_genuine(insn->src, 0))
		report_finding(RULE, ep->name->pos, "'%s' returns a token that it was not given",
		               show_ident(ep->name->ident));
}

static void apply(struct entrypoint *ep, struct instruction *insn, unsigned char *state)
{
	switch (insn->opcode) {
	case OP_STORE:
		apply_store(insn, state);
		break;
	case OP_LOAD:
		check_load(insn, state);
		break;
	case OP_SYMADDR:
		apply_address_taken(insn, state);
		break;
	case OP_CALL:
		check_call(insn, state);
		break;
	case OP_RET:
		check_return(ep, insn);
		break;
	default:
		break;
	}
}

/* ---- solving ---- */

static void collect_slots(struct entrypoint *ep)
{
	struct basic_block *block;
	struct instruction *insn;
	struct symbol *object;

	slot_count = 0;
	FOR_EACH_PTR(ep->bbs, block)
	{
		FOR_EACH_PTR(block->insns, insn)
		{
			if (!insn->bb || (insn->opcode != OP_STORE && insn->opcode != OP_LOAD &&
			                  insn->opcode != OP_SYMADDR))
				continue;
			object = tracked_object(insn->src);
			if (object)
				for_each_token_in(object, add_slot, object);
		}
		END_FOR_EACH_PTR(insn);
	}
	END_FOR_EACH_PTR(block);
}

static struct block_state *state_of(struct basic_block *block)
{
	size_t i;

	for (i = 0; i < state_count; i++)
		if (states[i].block == block)
			return &states[i];
	return NULL;
}

static void prepare_states(struct entrypoint *ep)
{
	struct basic_block *block;
	size_t i;

	for (i = 0; i < state_count; i++) {
		free(states[i].in);
		free(states[i].out);
	}
	state_count = 0;
	FOR_EACH_PTR(ep->bbs, block)
	{
		struct block_state *state;

		states = grow(states, (state_count + 1) * sizeof(*states));
		state = &states[state_count++];
		state->block = block;
		state->in = grow(NULL, slot_count);
		state->out = grow(NULL, slot_count);
		/* Optimistic, so that a loop does not taint itself. */
		memset(state->in, true, slot_count);
		memset(state->out, true, slot_count);
	}
	END_FOR_EACH_PTR(block);
}

static bool solve_block(struct entrypoint *ep, struct block_state *state)
{
	unsigned char *out = grow(NULL, slot_count);
	struct basic_block *parent;
	struct instruction *insn;
	struct block_state *before;
	bool changed;
	size_t i;

	for (i = 0; i < slot_count && state->block == ep->entry->bb; i++)
		state->in[i] = slots[i].filled_before;
	FOR_EACH_PTR(state->block->parents, parent)
	{
		before = state_of(parent);
		for (i = 0; before && i < slot_count; i++)
			state->in[i] &= before->out[i];
	}
	END_FOR_EACH_PTR(parent);

	memcpy(out, state->in, slot_count);
	FOR_EACH_PTR(state->block->insns, insn)
	{
		if (insn->bb)
			apply(ep, insn, out);
	}
	END_FOR_EACH_PTR(insn);
	changed = memcmp(out, state->out, slot_count) != 0;
	memcpy(state->out, out, slot_count);
	free(out);
	return changed;
}

static void check_function(struct entrypoint *ep)
{
	bool changed;
	size_t i;

	collect_slots(ep);
	prepare_states(ep);
	reporting = false;
	/* Bits only fall, so this ends. */
	do {
		changed = false;
		for (i = 0; i < state_count; i++)
			changed |= solve_block(ep, &states[i]);
	} while (changed && slot_count);
	reporting = true;
	for (i = 0; i < state_count; i++)
		solve_block(ep, &states[i]);
}

const struct rule rule_cap001_flow = {.function = check_function};
