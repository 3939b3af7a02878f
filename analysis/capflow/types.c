/* SPDX-License-Identifier: MIT
 *
 * Questions about Sparse's types. Sparse wraps each type that a declaration
 * names in a SYM_NODE; typedefs add nodes, so a token is found behind any number.
 */
#include "capflow.h"

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

static void visit_struct(struct symbol *type, long long base, token_visitor visit, void *data)
{
	struct symbol *member;

	type = bare_type(type);
	if (!type || type->type != SYM_STRUCT)
		return;
	if (is_token_type(type)) {
		visit(type, base, data);
		return;
	}
	FOR_EACH_PTR(type->symbol_list, member)
	{
		visit_struct(member, base + member->offset, visit, data);
	}
	END_FOR_EACH_PTR(member);
}

void for_each_token_in(struct symbol *type, token_visitor visit, void *data)
{
	visit_struct(type, 0, visit, data);
}
