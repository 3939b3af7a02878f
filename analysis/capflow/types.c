/* SPDX-License-Identifier: MIT
 *
 * Questions about Sparse's types. Sparse wraps each type that a declaration
 * names in a SYM_NODE; typedefs add nodes, so a token is found behind any number.
 */
#include <string.h>

#include "capflow.h"

#define ELEMENTS_AT_MOST 16

struct symbol *bare_type(struct symbol *type)
{
	while (type && type->type == SYM_NODE)
		type = type->ctype.base_type;
	return type;
}

bool is_token_type(struct symbol *type)
{
	type = bare_type(type);
	return type && type->type == SYM_STRUCT && policy_is_kind(type->ident);
}

bool is_pointer_to_token(struct symbol *type)
{
	type = bare_type(type);
	return type && type->type == SYM_PTR && is_token_type(type->ctype.base_type);
}

bool is_automatic(struct symbol *symbol)
{
	return !(symbol->ctype.modifiers & (MOD_STATIC | MOD_EXTERN | MOD_TOPLEVEL));
}

const char *type_name(struct symbol *type)
{
	type = bare_type(type);
	return type && type->ident ? show_ident(type->ident) : "(unnamed)";
}

static void visit_tokens(struct symbol *type, long long base, token_visitor visit, void *data);

/* An array whose length is not a constant, and a long one, stand for their first elements. */
static void visit_elements(struct symbol *array, long long base, token_visitor visit, void *data)
{
	struct symbol *element = array->ctype.base_type;
	long long size, i, count = ELEMENTS_AT_MOST;

	if (!holds_token(element))
		return;
	examine_symbol_type(element);
	size = bare_type(element)->bit_size / 8;
	if (size <= 0)
		return;
	if (array->bit_size > 0 && array->bit_size / 8 / size < count)
		count = array->bit_size / 8 / size;
	for (i = 0; i < count; i++)
		visit_tokens(element, base + i * size, visit, data);
}

static void visit_tokens(struct symbol *type, long long base, token_visitor visit, void *data)
{
	struct symbol *member;

	type = bare_type(type);
	if (type && type->type == SYM_ARRAY)
		visit_elements(type, base, visit, data);
	if (!type || type->type != SYM_STRUCT)
		return;
	if (is_token_type(type)) {
		visit(type, base, data);
		return;
	}
	FOR_EACH_PTR(type->symbol_list, member)
	{
		visit_tokens(member, base + member->offset, visit, data);
	}
	END_FOR_EACH_PTR(member);
}

void for_each_token_in(struct symbol *type, token_visitor visit, void *data)
{
	visit_tokens(type, 0, visit, data);
}

bool holds_token(struct symbol *type)
{
	struct symbol *member;

	type = bare_type(type);
	while (type && type->type == SYM_ARRAY)
		type = bare_type(type->ctype.base_type);
	if (!type || (type->type != SYM_STRUCT && type->type != SYM_UNION))
		return false;
	if (is_token_type(type))
		return true;
	FOR_EACH_PTR(type->symbol_list, member)
	{
		if (holds_token(member))
			return true;
	}
	END_FOR_EACH_PTR(member);
	return false;
}

bool is_pointer_to_holder(struct symbol *type)
{
	type = bare_type(type);
	return type && type->type == SYM_PTR && holds_token(type->ctype.base_type);
}

const struct ident *called_function(struct expression *call)
{
	struct symbol *function;

	if (call->type != EXPR_CALL || !call->fn)
		return NULL;
	function = call->fn->ctype;
	return function && function->type == SYM_NODE && bare_type(function)->type == SYM_FN
	               ? function->ident
	               : NULL;
}

bool is_named(const struct ident *ident, const char *name)
{
	return ident && strlen(name) == ident->len && !memcmp(ident->name, name, ident->len);
}
