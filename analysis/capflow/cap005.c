/* SPDX-License-Identifier: MIT
 *
 * CAP005: a token does not escape. A pointer to a carrier leads to that one carrier: what
 * lies beside it was given to somebody else, so such a pointer is not indexed or moved,
 * except within an array that the same expression names, or by the core. And neither a
 * token nor the way to one is a variable argument, whose type is lost.
 */
#include "capflow.h"

#define RULE "CAP005"

static struct symbol *member_at(struct symbol *type, long long offset)
{
	struct symbol *member;

	type = bare_type(type);
	if (!type || type->type != SYM_STRUCT)
		return NULL;
	FOR_EACH_PTR(type->symbol_list, member)
	{
		if (offset < member->offset || offset >= member->offset + member->bit_size / 8)
			continue;
		if (offset == member->offset && bare_type(member)->type != SYM_STRUCT)
			return bare_type(member);
		return member_at(member, offset - member->offset);
	}
	END_FOR_EACH_PTR(member);
	return NULL;
}

/* The type of the object at an address that the source names: a variable, or a member
 * of what a pointer leads to. NULL for any other pointer. */
static struct symbol *type_at(struct expression *address)
{
	struct symbol *around;

	if (address->type == EXPR_SYMBOL)
		return address->symbol ? bare_type(address->symbol) : NULL;
	if (address->type != EXPR_BINOP || address->op != '+' || address->right->type != EXPR_VALUE)
		return NULL;
	around = type_at(address->left);
	if (!around) {
		around = bare_type(address->left->ctype);
		around = around && around->type == SYM_PTR ? around->ctype.base_type : NULL;
	}
	return member_at(around, address->right->value);
}

static bool is_array(struct expression *address)
{
	struct symbol *type = type_at(address);

	return type && type->type == SYM_ARRAY;
}

/* A member's address is a sum too, but of another type than the pointer's. */
static bool is_pointer_sum(struct expression *expr)
{
	return expr->type == EXPR_BINOP && (expr->op == '+' || expr->op == '-') &&
	       is_pointer_to_holder(expr->ctype) &&
	       bare_type(expr->ctype) == bare_type(expr->left->ctype);
}

static bool moves_pointer(struct expression *expr)
{
	if (is_pointer_sum(expr))
		return !is_array(expr->left) && !is_pointer_sum(expr->left) &&
		       !(expr->right->type == EXPR_VALUE && !expr->right->value);
	if (!is_pointer_to_holder(expr->ctype))
		return false;
	switch (expr->type) {
	case EXPR_PREOP:
	case EXPR_POSTOP:
		return expr->op == SPECIAL_INCREMENT || expr->op == SPECIAL_DECREMENT;
	case EXPR_ASSIGNMENT:
		return expr->op == SPECIAL_ADD_ASSIGN || expr->op == SPECIAL_SUB_ASSIGN;
	default:
		return false;
	}
}

static const char *pointee_name(struct symbol *pointer)
{
	return type_name(bare_type(pointer)->ctype.base_type);
}

static void check_variable_arguments(struct expression *call)
{
	struct symbol *function = call->fn ? bare_type(call->fn->ctype) : NULL, *parameter;
	struct expression *argument;

	if (function && function->type == SYM_PTR)
		function = bare_type(function->ctype.base_type);
	if (!function || function->type != SYM_FN)
		return;
	PREPARE_PTR_LIST(function->arguments, parameter);
	FOR_EACH_PTR(call->args, argument)
	{
		if (!parameter && holds_token(argument->ctype))
			report_finding(RULE, argument->pos,
			               "token or carrier 'struct %s' is a variable argument",
			               type_name(argument->ctype));
		else if (!parameter && is_pointer_to_holder(argument->ctype))
			report_finding(RULE, argument->pos,
			               "a pointer to carrier 'struct %s' is a variable argument",
			               pointee_name(argument->ctype));
		NEXT_PTR_LIST(parameter);
	}
	END_FOR_EACH_PTR(argument);
	FINISH_PTR_LIST(parameter);
}

static void check(struct expression *expr)
{
	if (expr->type == EXPR_CALL)
		check_variable_arguments(expr);
	if (moves_pointer(expr) && !policy_is_core_file(stream_name(expr->pos.stream)))
		report_finding(RULE, expr->pos,
		               "a pointer to carrier 'struct %s' is moved to what lies beside it",
		               pointee_name(expr->ctype));
}

const struct rule rule_cap005 = {.walk = {.expression = check}};
