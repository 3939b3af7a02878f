/* SPDX-License-Identifier: MIT
 *
 * CAP002: tokens live only in listed carrier structs, locals and parameters. A
 * global, an array, a union or a pointer would let a token's bytes be written
 * without its name being said, so the shape itself is refused, wherever a
 * declaration or an address operator makes it. Casts are CAP004's.
 */
#include <string.h>

#include "capflow.h"

#define RULE "CAP002"

/* Types that were walked: each struct is judged once a file. */
static struct symbol_list *judged;

static void judge_type(struct symbol *type, struct symbol *declared);

static bool is_judged(struct symbol *type)
{
	struct symbol *seen;

	FOR_EACH_PTR(judged, seen)
	{
		if (seen == type)
			return true;
	}
	END_FOR_EACH_PTR(seen);
	add_symbol(&judged, type);
	return false;
}

static void judge_member(struct symbol *owner, struct symbol *member)
{
	struct symbol *type = bare_type(member);

	if (owner->type == SYM_UNION && holds_token(type)) {
		report_finding(RULE, member->pos, "union '%s' holds token '%s'", type_name(owner),
		               show_ident(member->ident));
	} else if (is_token_type(type) && !policy_is_carrier(owner->ident)) {
		report_finding(RULE, member->pos,
		               "struct '%s' holds token '%s' and is not a listed carrier",
		               type_name(owner), show_ident(member->ident));
	}
	if (owner->type == SYM_UNION)
		check_union_member(owner, member);
	judge_type(type, member);
}

static void judge_struct(struct symbol *type)
{
	struct symbol *member;

	if (is_token_type(type) || is_judged(type))
		return;
	examine_symbol_type(type);
	FOR_EACH_PTR(type->symbol_list, member)
	{
		judge_member(type, member);
	}
	END_FOR_EACH_PTR(member);
}

static void judge_function(struct symbol *type, struct symbol *declared)
{
	struct symbol *argument;

	judge_type(type->ctype.base_type, declared);
	FOR_EACH_PTR(type->arguments, argument)
	{
		judge_type(argument->ctype.base_type, argument->ident ? argument : declared);
	}
	END_FOR_EACH_PTR(argument);
}

/* DECLARED is what the reader sees named, and where the finding is reported. */
static void judge_type(struct symbol *type, struct symbol *declared)
{
	struct symbol *inner;

	type = bare_type(type);
	if (!type)
		return;
	switch (type->type) {
	case SYM_STRUCT:
	case SYM_UNION:
		judge_struct(type);
		return;
	case SYM_FN:
		judge_function(type, declared);
		return;
	case SYM_ARRAY:
	case SYM_PTR:
		inner = bare_type(type->ctype.base_type);
		if (is_token_type(inner))
			report_finding(RULE, declared->pos, "'%s' is %s token%s 'struct %s'",
			               show_ident(declared->ident),
			               type->type == SYM_PTR ? "a pointer to" : "an array of",
			               type->type == SYM_PTR ? "" : "s", type_name(inner));
		/* A struct that points to its own kind is judged once, so this ends. */
		judge_type(inner, declared);
		return;
	default:
		return;
	}
}

static void check_declaration_of(struct symbol *symbol)
{
	/* The object of a compound literal is CAP001's. */
	if (symbol->ident && is_token_type(symbol) && !is_automatic(symbol) &&
	    !(symbol->ctype.modifiers & MOD_USERTYPE))
		report_finding(RULE, symbol->pos, "token '%s' outlives its function: %s object",
		               show_ident(symbol->ident),
		               symbol->ctype.modifiers & MOD_TOPLEVEL ? "a global" : "a static");
	judge_type(symbol->ctype.base_type, symbol);
}

/* After evaluation, the address of an object is the object's own expression with a
 * pointer type that was made for the operator; what '*' reads through has Sparse's
 * lazy pointer type instead. */
static void check_expression(struct expression *expr)
{
	if (!is_pointer_to_token(expr->ctype) || is_judged_by_cap004(expr))
		return;
	switch (expr->type) {
	case EXPR_SYMBOL:
		if (is_token_type(expr->symbol))
			report_finding(RULE, expr->pos, "the address of token '%s' is taken",
			               show_ident(expr->symbol->ident));
		break;
	case EXPR_BINOP:
		/* What is added to a pointer to a token is an index, not a member. */
		if (is_pointer_to_token(expr->left->ctype))
			break;
		report_finding(RULE, expr->pos, "the address of a token in a carrier is taken");
		break;
	default:
		break;
	}
}

/* Structs, typedefs and prototypes that no body uses are not walked: look up each
 * name that the file says. */
static void check_file_scope(struct token *list)
{
	struct token *token;
	struct symbol *symbol;

	for (token = list; !eof_token(token); token = token->next) {
		if (token_type(token) != TOKEN_IDENT)
			continue;
		symbol = lookup_symbol(token->ident, NS_STRUCT);
		if (symbol && (symbol->type == SYM_STRUCT || symbol->type == SYM_UNION))
			judge_struct(symbol);
		symbol = lookup_symbol(token->ident, NS_SYMBOL);
		if (symbol && symbol->type == SYM_NODE && !is_judged(symbol))
			check_declaration_of(symbol);
		symbol = lookup_symbol(token->ident, NS_TYPEDEF);
		if (symbol && !is_judged(symbol))
			judge_type(symbol->ctype.base_type, symbol);
	}
}

const struct rule rule_cap002 = {
        .parsed_tokens = check_file_scope,
        .walk = {.declaration = check_declaration_of, .expression = check_expression},
};
