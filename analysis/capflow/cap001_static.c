/* SPDX-License-Identifier: MIT
 *
 * CAP001, carriers that outlive their function: C zeroes a static object, so a token
 * read from one is genuine only if something put it there. The file that defines the
 * carrier does: it stores into the token's field, or lets the carrier's address go to
 * somebody who may. Collected over all functions of a file before any is judged. What
 * other files do to a global is known once ./aramid check has seen them all.
 */
#include <string.h>

#include "capflow.h"

struct static_carrier {
	struct symbol *object;
	bool *filled; /* for each byte at which a token starts */
	long long size;
};

static struct static_carrier *carriers;
static size_t count;

static bool is_same_object(struct symbol *left, struct symbol *right)
{
	return left == right || (left->ident && left->ident == right->ident &&
	                         (left->ctype.modifiers & right->ctype.modifiers & MOD_TOPLEVEL));
}

/* Not only declared: this file has the object. */
static bool is_defined_here(struct symbol *object)
{
	struct symbol *other;

	if (!(object->ctype.modifiers & MOD_EXTERN))
		return true;
	for (other = object->ident ? object->ident->symbols : NULL; other; other = other->next_id)
		if (other->namespace == NS_SYMBOL && other->type == SYM_NODE &&
		    is_same_object(object, other) && !(other->ctype.modifiers & MOD_EXTERN))
			return true;
	return false;
}

static struct static_carrier *find_carrier(struct symbol *object)
{
	struct static_carrier *carrier;

	for (carrier = carriers; carrier < carriers + count; carrier++)
		if (is_same_object(carrier->object, object))
			return carrier;
	return NULL;
}

static struct static_carrier *note_carrier(struct symbol *object)
{
	struct static_carrier *carrier = find_carrier(object);

	if (carrier)
		return carrier;
	carriers = realloc(carriers, (count + 1) * sizeof(*carriers));
	if (!carriers)
		die("out of memory");
	carrier = &carriers[count++];
	carrier->object = object;
	examine_symbol_type(object);
	carrier->size = object->bit_size > 0 ? object->bit_size / 8 : 0;
	carrier->filled = calloc(carrier->size + 1, sizeof(bool));
	if (!carrier->filled)
		die("out of memory");
	return carrier;
}

static bool is_static_carrier(struct symbol *object)
{
	return object && !is_automatic(object) && holds_token(object);
}

static void note_filled(struct symbol *object, long long offset, long long size)
{
	struct static_carrier *carrier = note_carrier(object);

	for (; size > 0 && offset < carrier->size; offset++, size--)
		if (offset >= 0)
			carrier->filled[offset] = true;
}

static void note_filled_whole(struct symbol *object)
{
	note_filled(object, 0, note_carrier(object)->size);
}

/* A constant is what Sparse clears an object with. */
static void note_store(struct instruction *store)
{
	if (store->target->type != PSEUDO_VAL && store->src->type == PSEUDO_SYM &&
	    is_static_carrier(store->src->sym))
		note_filled(store->src->sym, store->offset, store->size / 8);
}

static void collect(struct entrypoint *ep)
{
	struct basic_block *block;
	struct instruction *insn;

	FOR_EACH_PTR(ep->bbs, block)
	{
		FOR_EACH_PTR(block->insns, insn)
		{
			if (!insn->bb)
				continue;
			if (insn->opcode == OP_STORE)
				note_store(insn);
			else if (insn->opcode == OP_SYMADDR && insn->src->type == PSEUDO_SYM &&
			         is_static_carrier(insn->src->sym) && may_fill(insn->target))
				note_filled_whole(insn->src->sym);
		}
		END_FOR_EACH_PTR(insn);
	}
	END_FOR_EACH_PTR(block);
}

/* What an initialiser points to may be filled through it. */
static void note_named(struct symbol *object, struct expression *value)
{
	struct expression *part;

	if (!value)
		return;
	switch (value->type) {
	case EXPR_INITIALIZER:
		FOR_EACH_PTR(value->expr_list, part)
		{
			note_named(object, part);
		}
		END_FOR_EACH_PTR(part);
		break;
	case EXPR_POS:
		note_named(object, value->init_expr);
		break;
	case EXPR_CAST:
	case EXPR_FORCE_CAST:
	case EXPR_IMPLIED_CAST:
		note_named(object, value->cast_expression);
		break;
	case EXPR_BINOP:
		note_named(object, value->left);
		break;
	case EXPR_SYMBOL:
		if (is_static_carrier(value->symbol))
			note_filled_whole(value->symbol);
		break;
	default:
		break;
	}
}

static void note_initialiser(struct symbol *object)
{
	if (object->initializer && !is_automatic(object))
		note_named(object, object->initializer);
}

static bool fills(struct symbol *object, long long offset)
{
	const struct static_carrier *carrier = find_carrier(object);

	return carrier && offset >= 0 && offset < carrier->size && carrier->filled[offset];
}

bool is_never_filled(struct symbol *object, long long offset)
{
	if (!is_static_carrier(object))
		return false;
	return is_defined_here(object)
	               ? !fills(object, offset)
	               : object->ident && policy_is_left_empty(object->ident, offset);
}

static void print_carrier(struct symbol *kind, long long offset, void *data)
{
	struct symbol *object = data;
	const bool filled = fills(object, offset);
	char number[24];

	if (!filled && !is_defined_here(object))
		return;
	snprintf(number, sizeof(number), "%lld", offset);
	print_fact(filled ? "gives" : "leaves", object->ident->name, "global", number, object->pos);
}

static void print_facts_if_global(struct symbol *object)
{
	if (is_static_carrier(object) && object->ident && !(object->ctype.modifiers & MOD_STATIC))
		for_each_token_in(object, print_carrier, object);
}

void print_facts_of_carriers(struct symbol_list *list)
{
	struct static_carrier *carrier;
	struct symbol *symbol;

	FOR_EACH_PTR(list, symbol)
	{
		if (!find_carrier(symbol))
			print_facts_if_global(symbol);
	}
	END_FOR_EACH_PTR(symbol);
	for (carrier = carriers; carrier < carriers + count; carrier++)
		print_facts_if_global(carrier->object);
}

const struct rule rule_cap001_static = {
        .walk = {.declaration = note_initialiser},
        .collect = collect,
};
