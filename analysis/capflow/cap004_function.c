/* SPDX-License-Identifier: MIT
 *
 * CAP004, conversions that a function's type hides: a cast to another function type reads
 * what is returned or passed as something else, without a conversion at the call. A token
 * or a carrier that is returned, and a pointer to a carrier in either direction, keeps its
 * type. A token that is dropped from the parameters is CAP006's.
 */
#include "capflow.h"

#define RULE "CAP004"

static struct symbol *function_type(struct symbol *type)
{
	type = bare_type(type);
	if (type && type->type == SYM_PTR)
		type = bare_type(type->ctype.base_type);
	return type && type->type == SYM_FN ? type : NULL;
}

/* One of the two leads to tokens, and the other is something else. */
static bool differ(struct symbol *old, struct symbol *new)
{
	old = bare_type(old);
	new = bare_type(new);
	if (is_pointer_to_holder(old) && is_pointer_to_holder(new))
		return bare_type(old->ctype.base_type) != bare_type(new->ctype.base_type);
	return is_pointer_to_holder(old) || is_pointer_to_holder(new);
}

static bool returns_differ(struct symbol *from, struct symbol *to)
{
	struct symbol *old = from ? bare_type(from->ctype.base_type) : NULL;
	struct symbol *new = bare_type(to->ctype.base_type);

	if (holds_token(new))
		return old != new;
	return from && differ(old, new);
}

static bool arguments_differ(struct symbol *from, struct symbol *to)
{
	struct symbol *old, *new;

	PREPARE_PTR_LIST(to->arguments, new);
	FOR_EACH_PTR(from->arguments, old)
	{
		if (differ(old, new))
			return true;
		NEXT_PTR_LIST(new);
	}
	END_FOR_EACH_PTR(old);
	FINISH_PTR_LIST(new);
	return false;
}

static void check_expression(struct expression *expr)
{
	struct symbol *from, *to;

	if (expr->type != EXPR_CAST && expr->type != EXPR_FORCE_CAST &&
	    expr->type != EXPR_IMPLIED_CAST)
		return;
	to = function_type(expr->ctype);
	if (!to || (expr->cast_expression->type == EXPR_VALUE && !expr->cast_expression->value))
		return;
	from = function_type(expr->cast_expression->ctype);
	if (returns_differ(from, to))
		report_finding(RULE, expr->pos,
		               "a cast makes a function return token or carrier 'struct %s'",
		               type_name(bare_type(to->ctype.base_type)));
	else if (from && arguments_differ(from, to))
		report_finding(RULE, expr->pos,
		               "a cast gives a function another type where it takes a carrier");
}

const struct rule rule_cap004_function = {.walk = {.expression = check_expression}};
