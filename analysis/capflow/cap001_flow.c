/* SPDX-License-Identifier: MIT
 *
 * CAP001, what the flow of values shows: a token is genuine on every path to the
 * place that reads it. Parameters, what functions return and what carriers behind
 * pointers hold are genuine, since each of those is checked where it was filled;
 * so the question is only whether a function's own objects were given a token
 * before they are read. That is definite assignment, solved over Sparse's linear
 * code before any of its optimisations: each load and store is still there.
 *
 * Per block, one bit a slot (slots.h): genuine on all paths. Once an object's address
 * goes to somebody who may fill it, it counts as filled. So does one whose fault was
 * reported: each fault is reported where it happens, once.
 */
#include <string.h>

#include "capflow.h"
#include "slots.h"

#define RULE "CAP001"

struct block_state {
	struct basic_block *block;
	unsigned char *in, *out; /* one byte a slot: genuine or not */
};

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

/* ---- effect of one instruction ---- */

static void report_slot(struct position pos, const struct slot *slot)
{
	if (slot->was_zeroed)
		report_finding(RULE, pos, "token '%s' is read from a zeroed object",
		               slot_name(slot));
	else
		report_finding(RULE, pos, "token '%s' is read uninitialised", slot_name(slot));
}

static bool is_literal(const struct symbol *object)
{
	return object->initializer && object->initializer->type == EXPR_INITIALIZER;
}

/* A pointer to a carrier is given a value: nothing is in memory that was just allocated. */
static void apply_pointer(struct instruction *store, unsigned char *state)
{
	const bool fresh = is_fresh(store->target);
	size_t i;

	for (i = 0; i < slot_count; i++)
		if (slots[i].object == store->src->sym)
			state[i] = !fresh;
}

static void store_slot(struct instruction *insn, size_t i, unsigned char *state)
{
	const struct symbol *object = slots[i].object;
	struct instruction *from = definition(insn->target);
	struct symbol *copied = NULL;
	size_t j;

	if (insn->target->type == PSEUDO_VAL) {
		/* Sparse clears each struct before its initialiser. What is a literal was
		 * reported as one. */
		state[i] = is_token_type(slots[i].object) && is_literal(object);
		slots[i].was_zeroed |= !is_token_type(slots[i].object);
		return;
	}
	if (!is_struct_type(insn->type)) {
		state[i] = false;
		if (reporting)
			report_finding(RULE, insn->pos,
			               "token '%s' is written through its representation",
			               slot_name(&slots[i]));
		return;
	}
	state[i] = is_genuine(insn->target, 0);
	if (!state[i] && reporting)
		report_finding(RULE, insn->pos, "token '%s' is given a made-up value",
		               slot_name(&slots[i]));
	/* A struct copied from another one is as full as that. */
	if (from && from->opcode == OP_LOAD)
		copied = tracked_object(from->src);
	for (j = 0; copied && j < slot_count; j++)
		if (slots[j].object == copied &&
		    slots[j].offset - from->offset == slots[i].offset - insn->offset) {
			state[i] = state[j];
			slots[i].was_zeroed |= slots[j].was_zeroed;
		}
}

static void apply_store(struct instruction *insn, unsigned char *state)
{
	struct area area = area_of(insn);
	size_t i;

	if (insn->src->type != PSEUDO_SYM || !is_tracked(insn->src->sym)) {
		if (reporting && is_token_type(insn->type) && !is_genuine(insn->target, 0))
			report_finding(RULE, insn->pos, "a token field is given a made-up value");
	} else if (is_pointer_to_holder(insn->src->sym)) {
		apply_pointer(insn, state);
		return;
	}
	for (i = 0; area.object && area.offset != UNKNOWN_OFFSET && i < slot_count; i++)
		if (lies_within(&slots[i], &area))
			store_slot(insn, i, state);
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
static void check_some_element(struct instruction *load, const struct area *area,
                               unsigned char *state)
{
	if (is_empty(area, state))
		report_finding(RULE, load->pos, "a token of '%s' is read and none was given",
		               show_ident(area->object->ident));
}

static void check_load(struct instruction *insn, unsigned char *state)
{
	struct area area = area_of(insn);
	size_t i;

	if (!reporting || !area.object || !insn->type || !is_struct_type(insn->type))
		return;
	if (!is_token_type(insn->type) && is_only_copied(insn))
		return;
	if (area.offset == UNKNOWN_OFFSET) {
		check_some_element(insn, &area, state);
		return;
	}
	for (i = 0; i < slot_count; i++) {
		if (state[i] || !lies_within(&slots[i], &area))
			continue;
		report_slot(insn->pos, &slots[i]);
		state[i] = true;
	}
}

/* Who gets the pointer may fill what it leads to. */
static void apply_pointer_loaded(struct instruction *load, unsigned char *state)
{
	size_t i;

	if (load->src->type != PSEUDO_SYM || !is_pointer_to_holder(load->src->sym) ||
	    !may_escape(load->target))
		return;
	for (i = 0; i < slot_count; i++)
		state[i] |= slots[i].object == load->src->sym;
}

static void apply_address_taken(struct instruction *insn, unsigned char *state)
{
	struct symbol *object = tracked_object(insn->src);
	const bool filled = object && may_fill(insn->target);
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

/* A token in the area that lies in memory as the function found it: neither given nor zeroed, which
 * would say that there is none. */
static const struct slot *find_uninitialised(const struct area *area, const unsigned char *state)
{
	size_t i;

	for (i = 0; i < slot_count; i++)
		if (lies_within(&slots[i], area) && !state[i] && !slots[i].was_zeroed)
			return &slots[i];
	return NULL;
}

/* What a pointer that is shown leads to: an array is shown by its first element. */
static long long size_shown(const struct area *area, struct symbol *element)
{
	struct symbol *type = bare_type(area->object);

	if (type->type == SYM_ARRAY && area->offset == 0 && type->bit_size > 0)
		return type->bit_size / 8;
	return element->bit_size / 8;
}

/* A carrier that is shown to another function as a pointer to const is read there: it
 * must have been given some token by then, and have no arbitrary one. */
static void check_call(struct instruction *call, unsigned char *state)
{
	const struct slot *arbitrary;
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
		area.size = size_shown(&area, type);
		arbitrary = find_uninitialised(&area, state);
		if (is_empty(&area, state))
			report_finding(RULE, call->pos,
			               "carrier '%s' is shown before it has a token",
			               show_ident(area.object->ident));
		else if (arbitrary)
			report_finding(RULE, call->pos,
			               "carrier is shown while token '%s' is uninitialised",
			               slot_name(arbitrary));
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
		apply_pointer_loaded(insn, state);
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
