/* SPDX-License-Identifier: MIT
 *
 * CAP006: a privileged function is reached only with its token. Privileged is what a
 * prototype says takes a token, or what the policy lists: a declaration without the token,
 * a pointer that drops it, an assembler statement or attribute that names the function, and
 * a reference from a service that is not handed the right go past that.
 */
#include <limits.h>
#include <string.h>

#include "capflow.h"
#include "scope.h"

#define RULE "CAP006"

static struct symbol *function_type(struct symbol *type)
{
	type = bare_type(type);
	if (type && type->type == SYM_PTR)
		type = bare_type(type->ctype.base_type);
	return type && type->type == SYM_FN ? type : NULL;
}

/* The first parameter that is a token; with CARRIERS, also one that holds one. */
static struct symbol *first_holder(struct symbol *function, bool carriers)
{
	struct symbol *parameter;

	FOR_EACH_PTR(function->arguments, parameter)
	{
		if (is_token_type(parameter) || (carriers && holds_token(parameter)))
			return bare_type(parameter);
	}
	END_FOR_EACH_PTR(parameter);
	return NULL;
}

static struct symbol *first_token(struct symbol *function)
{
	return first_holder(function, false);
}

/* ---- pointers ---- */

/* Each token or carrier that FROM takes stands at the same place in TO. */
static bool keeps_tokens(struct symbol *from, struct symbol *to)
{
	struct symbol *old, *new;

	PREPARE_PTR_LIST(to->arguments, new);
	FOR_EACH_PTR(from->arguments, old)
	{
		if (holds_token(old) && (!new || bare_type(new) != bare_type(old)))
			return false;
		NEXT_PTR_LIST(new);
	}
	END_FOR_EACH_PTR(old);
	FINISH_PTR_LIST(new);
	return true;
}

static void check_cast(struct expression *expr, struct expression *source)
{
	struct symbol *from = function_type(source->ctype), *to = function_type(expr->ctype);
	struct symbol *token = from ? first_holder(from, true) : NULL;
	struct symbol *target = bare_type(expr->ctype);

	if (!token || !target || target == &void_ctype || target == &bool_ctype ||
	    (to && keeps_tokens(from, to)))
		return;
	report_finding(RULE, expr->pos, "a pointer to a function that takes 'struct %s' loses it",
	               type_name(token));
}

/* ---- references ---- */

/* The kind of token that a function needs, as its prototype or the policy says, or NULL. What
 * the library declares (validate and its like) asks nobody else for a right. */
static const char *needed_kind(struct symbol *function)
{
	struct symbol *type = bare_type(function), *token;

	if (!function->ident || !type || type->type != SYM_FN ||
	    policy_is_core_file(stream_name(function->pos.stream)))
		return NULL;
	token = first_token(type);
	return token ? policy_kind_of(token->ident) : policy_privilege(function->ident);
}

/* Asked for each name that a file says: the answer for its stream is kept. */
static bool is_in_service(struct position pos)
{
	static unsigned int stream = UINT_MAX;
	static bool service;

	if (pos.stream != stream) {
		stream = pos.stream;
		service = policy_is_service_file(stream_name(stream));
	}
	return service;
}

static void check_reference(struct expression *expr)
{
	struct symbol *function = expr->symbol;
	const char *kind;

	if (!function || function->definition || !is_in_service(expr->pos))
		return;
	kind = needed_kind(function);
	if (kind && !policy_is_entitled(stream_name(expr->pos.stream), kind))
		report_finding(RULE, expr->pos, "'%s' needs %s, which this service is not handed",
		               show_ident(function->ident), kind);
}

/* ---- declarations and names ---- */

static void check_declared(struct symbol *symbol)
{
	struct symbol *type = bare_type(symbol);
	const char *kind;

	if (!symbol->ident || !type || type->type != SYM_FN || first_token(type))
		return;
	kind = policy_privilege(symbol->ident);
	if (kind)
		report_finding(RULE, symbol->pos, "'%s' is declared without its token of %s",
		               show_ident(symbol->ident), kind);
}

static void check_expression(struct expression *expr)
{
	switch (expr->type) {
	case EXPR_CAST:
	case EXPR_FORCE_CAST:
	case EXPR_IMPLIED_CAST:
		check_cast(expr, expr->cast_expression);
		break;
	case EXPR_SYMBOL:
		/* A function's own declarations are not among the statements. */
		if (expr->symbol)
			check_declared(expr->symbol);
		check_reference(expr);
		break;
	default:
		break;
	}
}

static bool is_privileged_name(const char *word, size_t length)
{
	char name[128];
	struct ident *ident;
	struct symbol *symbol;

	if (length >= sizeof(name))
		return false;
	memcpy(name, word, length);
	name[length] = '\0';
	ident = built_in_ident(name);
	if (policy_privilege(ident))
		return true;
	symbol = lookup_symbol(ident, NS_SYMBOL);
	return symbol && symbol->type == SYM_NODE && needed_kind(symbol);
}

/* A name in assembler or in an attribute (alias, weakref) reaches the function itself. */
static void check_string(struct token *first, const char *text, bool is_asm)
{
	static const char word_characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	                                      "0123456789_";
	const char *word;
	size_t length;

	for (word = text; *word; word += length ? length : 1) {
		length = strspn(word, word_characters);
		if (length && is_privileged_name(word, length) &&
		    !policy_is_core_file(stream_name(first->pos.stream)))
			report_finding(RULE, place_in_string(first, word - text),
			               "privileged function '%.*s' is named by %s", (int)length,
			               word, is_asm ? "assembler" : "an attribute");
	}
}

static void check_name(const char *function)
{
	struct symbol *symbol = lookup_symbol(built_in_ident(function), NS_SYMBOL);

	if (symbol && symbol->type == SYM_NODE)
		check_declared(symbol);
}

static void check_file_scope(struct token *list)
{
	for_each_kept_string(list, check_string);
	policy_for_each_privileged(check_name);
}

const struct rule rule_cap006 = {
        .parsed_tokens = check_file_scope,
        .walk = {.declaration = check_declared, .expression = check_expression},
};
