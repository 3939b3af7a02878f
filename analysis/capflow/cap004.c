/* SPDX-License-Identifier: MIT
 *
 * CAP004: bytes do not become tokens. CAP001 follows values, so nothing may reach a token
 * or a carrier past its type. Decided from conversions, which Sparse makes explicit: a
 * pointer to a carrier is made of no other pointer and of no number, and becomes none.
 * The exceptions are listed in the policy: an allocator's result, CAP_CARRIER_OF in a
 * callback, and functions that free a carrier or keep it for a callback. Zeroing one is
 * allowed: what is read then is CAP001's.
 */
#include <string.h>

#include "capflow.h"

#define RULE "CAP004"

/* Judged with the call or the comparison that they stand in, or the fault itself. */
static struct expression_list *judged;

bool is_judged_by_cap004(struct expression *expr)
{
	struct expression *seen;

	FOR_EACH_PTR(judged, seen)
	{
		if (seen == expr)
			return true;
	}
	END_FOR_EACH_PTR(seen);
	return false;
}

static struct expression *below_cast(struct expression *expr)
{
	switch (expr->type) {
	case EXPR_CAST:
	case EXPR_FORCE_CAST:
	case EXPR_IMPLIED_CAST:
		return expr->cast_expression;
	default:
		return NULL;
	}
}

static struct expression *without_casts(struct expression *expr)
{
	struct expression *inner;

	while ((inner = below_cast(expr)) != NULL)
		expr = inner;
	return expr;
}

static void note_judged(struct expression *expr)
{
	add_expression(&judged, expr);
}


static struct symbol *pointee(struct symbol *pointer)
{
	return bare_type(bare_type(pointer)->ctype.base_type);
}

static bool is_pointer(struct symbol *type)
{
	type = bare_type(type);
	return type && type->type == SYM_PTR;
}

static bool points_to_const(struct symbol *pointer)
{
	pointer = bare_type(pointer);
	examine_pointer_target(pointer);
	return pointer->ctype.modifiers & MOD_CONST;
}

/* The pointer to a carrier that a chain of casts hides, or NULL. */
static struct expression *hidden_holder(struct expression *expr)
{
	for (; expr; expr = below_cast(expr))
		if (is_pointer_to_holder(expr->ctype))
			return expr;
	return NULL;
}

/* The list stays short: what hides no pointer to a carrier is never asked for. */
static void note_casts_judged(struct expression *expr)
{
	for (; hidden_holder(expr) && below_cast(expr); expr = below_cast(expr))
		note_judged(expr);
}

static const char *word_for(struct symbol *holder)
{
	return is_token_type(holder) ? "token" : "carrier";
}

/* ---- a pointer to a carrier is made ---- */

static bool is_listed_origin(struct expression *source)
{
	const struct ident *callee;

	source = without_casts(source);
	if (source->type == EXPR_VALUE && !source->value)
		return true; /* a null pointer */
	if (source->type == EXPR_CONDITIONAL)
		return (!source->cond_true || is_listed_origin(source->cond_true)) &&
		       is_listed_origin(source->cond_false);
	callee = called_function(source);
	if (!callee)
		return false;
	if (policy_is_allocator(callee))
		return true;
	if (!is_named(callee, "cap_carrier_of"))
		return false;
	if (!walked_symbol || !policy_is_callback(walked_symbol->ident))
		report_finding(
		        RULE, source->pos,
		        "'%s' is not listed as a callback, so CAP_CARRIER_OF may not stand in it",
		        walked_symbol ? show_ident(walked_symbol->ident) : "(file)");
	return true;
}

static void check_made(struct expression *expr, struct expression *source)
{
	struct symbol *to = pointee(expr->ctype);

	if (is_listed_origin(source))
		return;
	if (is_pointer_to_holder(source->ctype)) {
		report_finding(RULE, expr->pos, "%s 'struct %s' is read as 'struct %s'",
		               word_for(pointee(source->ctype)), type_name(pointee(source->ctype)),
		               type_name(to));
	} else {
		report_finding(RULE, expr->pos, "a pointer to %s 'struct %s' is made of %s",
		               word_for(to), type_name(to),
		               is_pointer(source->ctype) ? "another pointer" : "a number");
	}
	note_judged(source);
}

/* ---- a pointer to a carrier is turned into something else ---- */

static void check_lost(struct expression *expr, struct expression *source)
{
	struct symbol *from = pointee(source->ctype), *to = bare_type(expr->ctype);

	if (!to || to == &void_ctype || to == &bool_ctype)
		return;
	report_finding(RULE, expr->pos, "a pointer to %s 'struct %s' becomes %s", word_for(from),
	               type_name(from), is_pointer(to) ? "another pointer" : "a number");
	note_judged(source);
}

static void check_cast(struct expression *expr)
{
	struct expression *source = below_cast(expr);
	bool made, lost;

	if (!source || !source->ctype || is_judged_by_cap004(expr))
		return;
	made = is_pointer_to_holder(expr->ctype);
	lost = is_pointer_to_holder(source->ctype);
	if (made && lost && pointee(expr->ctype) == pointee(source->ctype)) {
		if (points_to_const(source->ctype) && !points_to_const(expr->ctype))
			report_finding(RULE, expr->pos,
			               "a cast makes const carrier 'struct %s' writable",
			               type_name(pointee(expr->ctype)));
	} else if (made) {
		check_made(expr, source);
	} else if (lost) {
		check_lost(expr, source);
	}
}

/* ---- calls ---- */

static bool is_zeroing(const struct ident *callee, struct expression *call)
{
	struct expression *argument, *second = NULL;
	int number = 0;

	if (is_named(callee, "bzero") || is_named(callee, "__builtin_bzero") ||
	    is_named(callee, "explicit_bzero"))
		return true;
	if (!is_named(callee, "memset") && !is_named(callee, "__builtin_memset"))
		return false;
	FOR_EACH_PTR(call->args, argument)
	{
		if (++number == 2)
			second = without_casts(argument);
	}
	END_FOR_EACH_PTR(argument);
	return second && second->type == EXPR_VALUE && !second->value;
}

/* An argument that hides a pointer to a carrier as a pointer to void. */
static struct expression *carrier_given(struct expression *argument)
{
	if (!below_cast(argument) || !is_pointer(argument->ctype) ||
	    is_pointer_to_holder(argument->ctype))
		return NULL;
	return hidden_holder(argument);
}

static void check_call(struct expression *call)
{
	const struct ident *callee = called_function(call);
	const bool listed = callee && (policy_takes_carrier(callee) || is_zeroing(callee, call) ||
	                               is_named(callee, "cap_carrier_of"));
	struct expression *argument, *source, *given;
	struct expression *read = NULL, *written = NULL;

	FOR_EACH_PTR(call->args, argument)
	{
		source = carrier_given(argument);
		if (!source)
			continue;
		note_casts_judged(argument);
		if (points_to_const(argument->ctype))
			read = source;
		else
			written = source;
	}
	END_FOR_EACH_PTR(argument);
	if (listed)
		return;
	given = written ? written : read;
	if (!given)
		return;
	report_finding(written ? RULE : "CAP005", given->pos,
	               "the bytes of %s 'struct %s' are given to %s%s%s",
	               word_for(pointee(given->ctype)), type_name(pointee(given->ctype)),
	               callee ? "" : "a function behind a pointer",
	               callee ? show_ident(callee) : "",
	               written ? ", which may write them" : "");
	note_judged(given);
	if (read)
		note_judged(read);
}

static void check_expression(struct expression *expr)
{
	switch (expr->type) {
	case EXPR_CALL:
		check_call(expr);
		break;
	case EXPR_COMPARE: /* an address may be compared with any */
		note_casts_judged(expr->left);
		note_casts_judged(expr->right);
		break;
	default:
		check_cast(expr);
	}
}

/* ---- assembler and unions ---- */

static void check_operand(struct statement *stmt, struct expression *operand, bool output)
{
	if (!operand)
		return;
	/* A token that is an output is CAP001's. */
	if (is_pointer_to_holder(operand->ctype) && !is_pointer_to_token(operand->ctype))
		report_finding(RULE, stmt->pos,
		               "an asm statement is given a pointer to carrier 'struct %s'",
		               type_name(pointee(operand->ctype)));
	else if (output && holds_token(operand->ctype) && !is_token_type(operand->ctype))
		report_finding(RULE, stmt->pos, "an asm statement writes carrier 'struct %s'",
		               type_name(operand->ctype));
}

static void check_asm(struct statement *stmt)
{
	struct asm_operand *operand;

	if (stmt->type != STMT_ASM)
		return;
	FOR_EACH_PTR(stmt->asm_outputs, operand)
	{
		check_operand(stmt, operand->expr, true);
	}
	END_FOR_EACH_PTR(operand);
	FOR_EACH_PTR(stmt->asm_inputs, operand)
	{
		check_operand(stmt, operand->expr, false);
	}
	END_FOR_EACH_PTR(operand);
}

void check_union_member(struct symbol *owner, struct symbol *member)
{
	if (is_pointer_to_holder(member) && !is_pointer_to_token(member))
		report_finding(RULE, member->pos,
		               "union '%s' overlays '%s', a pointer to carrier 'struct %s'",
		               type_name(owner), show_ident(member->ident),
		               type_name(pointee(member)));
}

const struct rule rule_cap004 = {
        .walk = {.expression = check_expression, .statement = check_asm},
};
