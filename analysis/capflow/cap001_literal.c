/* SPDX-License-Identifier: MIT
 *
 * CAP001, what the source text shows: a token is not written out. No braces make
 * one, no initialiser reaches into one, its one member is not named outside the
 * file that defines it or the core, and no assembler statement produces one.
 */
#include <string.h>

#include "capflow.h"

#define RULE "CAP001"

/* Braces with a token's type, be it an object's own or a field's. */
static void check_braces(struct expression *expr)
{
	if (expr->type == EXPR_INITIALIZER && is_token_type(expr->ctype))
		report_finding(RULE, expr->pos, "token 'struct %s' is made of a literal",
		               type_name(expr->ctype));
}

/* A register operand is the token, a memory operand its address. */
static bool is_token_operand(struct symbol *type)
{
	return is_token_type(type) || is_pointer_to_token(type);
}

static void check_asm(struct statement *stmt)
{
	struct asm_operand *operand;

	if (stmt->type != STMT_ASM)
		return;
	FOR_EACH_PTR(stmt->asm_outputs, operand)
	{
		if (operand->expr && is_token_operand(operand->expr->ctype))
			report_finding(RULE, stmt->pos, "an asm statement writes token 'struct %s'",
			               type_name(operand->expr->ctype));
	}
	END_FOR_EACH_PTR(operand);
}

/* The kinds that this file knows, by their definitions. */
static struct symbol_list *kinds;

static void note_kind(struct symbol *kind)
{
	struct symbol *seen;

	FOR_EACH_PTR(kinds, seen)
	{
		if (seen == kind)
			return;
	}
	END_FOR_EACH_PTR(seen);
	add_symbol(&kinds, kind);
}

static void collect_kinds(struct token *list)
{
	struct symbol *kind;
	struct token *token;

	for (token = list; !eof_token(token); token = token->next) {
		if (token_type(token) != TOKEN_IDENT || !policy_is_kind(token->ident))
			continue;
		kind = lookup_symbol(token->ident, NS_STRUCT);
		if (is_token_type(kind))
			note_kind(kind);
	}
}

/* Sparse copies a member's node when its object is qualified; name and place stay. */
static bool is_token_member(struct symbol *node)
{
	struct symbol *kind, *member;

	FOR_EACH_PTR(kinds, kind)
	{
		FOR_EACH_PTR(kind->symbol_list, member)
		{
			if (member->ident == node->ident && member->pos.line == node->pos.line &&
			    member->pos.stream == node->pos.stream)
				return true;
		}
		END_FOR_EACH_PTR(member);
	}
	END_FOR_EACH_PTR(kind);
	return false;
}

static void check_member(struct expression *expr)
{
	struct symbol *node = expr->ctype;

	if (expr->type != EXPR_PREOP || expr->op != '*' || !node || node->type != SYM_NODE ||
	    !node->ident || !is_token_member(node))
		return;
	if (!policy_is_core_file(stream_name(expr->pos.stream)))
		report_finding(RULE, expr->pos, "'%s' reaches into a token's representation",
		               show_ident(node->ident));
}

static void check_expression(struct expression *expr)
{
	check_braces(expr);
	check_member(expr);
}

struct token_place {
	long long offset; /* asked for */
	bool hit;
};

static void note_place(struct symbol *kind, long long offset, void *data)
{
	struct token_place *place = data;

	if (place->offset >= offset && place->offset < offset + kind->bit_size / 8)
		place->hit = true;
}

static void check_laid_out(struct symbol *object, struct expression *value, long long offset)
{
	struct token_place place = {.offset = offset};
	struct expression *part;

	if (!value)
		return;
	switch (value->type) {
	case EXPR_INITIALIZER:
		FOR_EACH_PTR(value->expr_list, part)
		{
			check_laid_out(object, part, offset);
		}
		END_FOR_EACH_PTR(part);
		break;
	case EXPR_POS:
		check_laid_out(object, value->init_expr, value->init_offset);
		break;
	default:
		for_each_token_in(object, note_place, &place);
		if (place.hit)
			report_finding(RULE, value->pos, "a token in '%s' is made of a literal",
			               show_ident(object->ident));
	}
}

/* Static objects have no linear code: their initialiser is read as laid out. */
static void check_static_object(struct symbol *object)
{
	check_laid_out(object, object->initializer, 0);
}

const struct rule rule_cap001_literal = {
        .parsed_tokens = collect_kinds,
        .walk = {.expression = check_expression, .statement = check_asm},
        .static_object = check_static_object,
};
