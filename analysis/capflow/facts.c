/* SPDX-License-Identifier: MIT
 *
 * What a file says about tokens, for whoever draws the whole program: not what is
 * wrong but who takes, keeps and shows them. One fact a line, its words apart by tabs:
 *
 *   holds   STRUCT FIELD KIND       a struct has a token for a member
 *   takes   FUNCTION LINKAGE KIND   a function is defined with a token for a parameter
 *   plain   FUNCTION global -       a function is defined without one
 *   handed  FUNCTION LINKAGE STRUCT … with a struct that holds tokens, or a pointer to one
 *   returns FUNCTION LINKAGE KIND   … with a token for its result
 *   reads   FUNCTION STRUCT KIND    a function takes a token out of a struct
 *   fills   FUNCTION STRUCT KIND    a function puts one in
 *   shows   FUNCTION CALLEE KIND    a function passes one to another
 *   makes   FUNCTION CALLEE KIND    a function is given one by another: a mint, say
 *   offers  FUNCTION CALLEE KIND    a function hands out the address of one that takes a token
 *   leaves  OBJECT global OFFSET    a global carrier is defined and its token there not filled
 *   gives   OBJECT global OFFSET    … may be filled (cap001_static.c has these two)
 *
 * then the struct that a token which is shown is read from (else "-"), the line and the
 * file. LINKAGE is static or global. A callee behind a pointer has a star before the
 * pointer's name.
 */
#include "capflow.h"
#include "scope.h"

static const char *function; /* whose body is walked */

static void print_from(const char *fact, const char *subject, const char *object, const char *kind,
                       const char *from, struct position pos)
{
	printf("%s\t%s\t%s\t%s\t%s\t%u\t%s\n", fact, subject, object, kind, from, pos.line,
	       stream_name(pos.stream));
}

void print_fact(const char *fact, const char *subject, const char *object, const char *kind,
                struct position pos)
{
	print_from(fact, subject, object, kind, "-", pos);
}

/* "net_access" of struct cap_net_access. */
static const char *kind_of(struct symbol *type)
{
	return bare_type(type)->ident->name + sizeof("cap_") - 1;
}

/* show_ident's buffers are used again after a few calls. */
static const char *name_of(struct ident *ident)
{
	return ident ? ident->name : "(unnamed)";
}

static void note_kind(struct symbol *kind, long long offset, void *data)
{
	(void)offset;
	*(struct symbol **)data = kind;
}

/* Some kind of token that a struct holds, or NULL. */
static struct symbol *held_kind(struct symbol *type)
{
	struct symbol *kind = NULL;

	for_each_token_in(type, note_kind, &kind);
	return kind;
}

/* A struct that holds tokens and is none itself, behind a pointer or not. */
static struct symbol *carrier_of(struct symbol *type)
{
	type = bare_type(type);
	if (type && type->type == SYM_PTR)
		type = bare_type(type->ctype.base_type);
	if (!type || type->type != SYM_STRUCT)
		return NULL;
	examine_symbol_type(type);
	return is_token_type(type) || !held_kind(type) ? NULL : type;
}

/* The innermost struct that holds, at the offset within TYPE, a token of its own. */
static struct symbol *owner_at(struct symbol *type, long long offset)
{
	struct symbol *member, *inner;

	type = bare_type(type);
	if (!type || type->type != SYM_STRUCT)
		return NULL;
	FOR_EACH_PTR(type->symbol_list, member)
	{
		inner = bare_type(member);
		if (!inner || offset < member->offset ||
		    offset >= member->offset + (inner->bit_size + 7) / 8)
			continue;
		if (is_token_type(inner))
			return type;
		return owner_at(inner, offset - member->offset);
	}
	END_FOR_EACH_PTR(member);
	return NULL;
}

/* The struct that a token is a member of, from the expression that reads or writes it:
 * Sparse leaves an object's or a pointer's address and offsets added to it. */
static struct symbol *owner_of(struct expression *expr)
{
	struct symbol *type = NULL;
	long long offset = 0;

	if (expr->type == EXPR_SLICE)
		return owner_at(expr->base->ctype, expr->r_bitpos / 8);
	if (expr->type != EXPR_PREOP || expr->op != '*')
		return NULL;
	for (expr = expr->unop; expr->type == EXPR_BINOP && expr->op == '+' &&
	                        expr->ctype == &lazy_ptr_ctype && expr->right->type == EXPR_VALUE;
	     expr = expr->left)
		offset += expr->right->value;
	if (expr->type == EXPR_SYMBOL && expr->symbol)
		type = expr->symbol;
	if (expr->ctype && expr->ctype != &lazy_ptr_ctype) {
		struct symbol *pointer = bare_type(expr->ctype);

		if (pointer && pointer->type == SYM_PTR)
			type = pointer->ctype.base_type;
	}
	return type ? owner_at(type, offset) : NULL;
}

/* Every token of a struct that is copied as a whole. */
struct copied {
	const char *fact;
	struct symbol *type;
	struct position pos;
};

static void print_copied(struct symbol *kind, long long offset, void *data)
{
	const struct copied *copied = data;
	struct symbol *owner = owner_at(copied->type, offset);

	if (owner)
		print_fact(copied->fact, function, name_of(owner->ident), kind_of(kind),
		           copied->pos);
}

static void note_value(const char *fact, struct expression *expr)
{
	struct symbol *owner;

	if (is_token_type(expr->ctype)) {
		owner = owner_of(expr);
		if (owner)
			print_fact(fact, function, name_of(owner->ident), kind_of(expr->ctype),
			           expr->pos);
	} else if (expr->type == EXPR_PREOP || expr->type == EXPR_SLICE) {
		struct symbol *type = bare_type(expr->ctype);
		struct copied copied = {fact, type, expr->pos};

		if (type && type->type == SYM_STRUCT)
			for_each_token_in(type, print_copied, &copied);
	}
}

static void note_call(struct expression *call)
{
	struct symbol *node = call->fn ? call->fn->ctype : NULL, *type = bare_type(node);
	struct expression *argument;
	struct symbol *owner;
	char callee[200];

	snprintf(callee, sizeof(callee), "%s%s", type && type->type == SYM_PTR ? "*" : "",
	         name_of(node ? node->ident : NULL));
	if (is_token_type(call->ctype))
		print_fact("makes", function, callee, kind_of(call->ctype), call->pos);
	FOR_EACH_PTR(call->args, argument)
	{
		if (!is_token_type(argument->ctype))
			continue;
		owner = owner_of(argument);
		print_from("shows", function, callee, kind_of(argument->ctype),
		           owner ? name_of(owner->ident) : "-", call->pos);
	}
	END_FOR_EACH_PTR(argument);
}

/* Somebody may call it through a pointer. */
static void note_address(struct expression *expr)
{
	struct symbol *type = bare_type(expr->symbol), *argument;

	if (!type || type->type != SYM_FN)
		return;
	FOR_EACH_PTR(type->arguments, argument)
	{
		if (is_token_type(argument))
			print_fact("offers", function, name_of(expr->symbol->ident),
			           kind_of(argument), expr->pos);
	}
	END_FOR_EACH_PTR(argument);
}

static struct expression *written; /* the left side of the assignment being walked */
static struct expression *called;  /* the name in the call being walked */

static void note_expression(struct expression *expr)
{
	if (expr == written || expr == called)
		return;
	if (expr->type == EXPR_CALL) {
		note_call(expr);
		called = expr->fn && expr->fn->type == EXPR_PREOP ? expr->fn->unop : expr->fn;
	} else if (expr->type == EXPR_SYMBOL) {
		note_address(expr);
	} else if (expr->type == EXPR_ASSIGNMENT && expr->op == '=') {
		note_value("fills", written = expr->left);
	} else {
		note_value("reads", expr);
	}
}

/* The tokens among an initialiser's values, by the offset at which each is put. */
static void note_initializer(struct symbol *type, struct expression *list)
{
	struct expression *value;
	struct symbol *owner;

	FOR_EACH_PTR(list->expr_list, value)
	{
		if (value->type != EXPR_POS || !is_token_type(value->init_expr->ctype))
			continue;
		owner = owner_at(type, value->init_offset);
		if (owner)
			print_fact("fills", function, name_of(owner->ident),
			           kind_of(value->init_expr->ctype), value->pos);
	}
	END_FOR_EACH_PTR(value);
}

static void note_declaration(struct symbol *symbol)
{
	struct expression *value = symbol->initializer;

	if (!value)
		return;
	if (value->type == EXPR_INITIALIZER)
		note_initializer(symbol, value);
	else if (carrier_of(symbol) && bare_type(symbol)->type == SYM_STRUCT)
		print_copied(held_kind(symbol), 0, &(struct copied){"fills", symbol, value->pos});
}

void print_facts_of(struct symbol *symbol)
{
	static const struct walk_hooks hooks = {.declaration = note_declaration,
	                                        .expression = note_expression};
	struct symbol *type = symbol->ctype.base_type, *argument, *carrier;
	const bool global = !(symbol->ctype.modifiers & MOD_STATIC);
	const char *linkage = global ? "global" : "static";
	bool plain = global;

	function = name_of(symbol->ident);
	if (type && type->type == SYM_FN && type->stmt) {
		if (is_token_type(type->ctype.base_type))
			print_fact("returns", function, linkage, kind_of(type->ctype.base_type),
			           symbol->pos);
		FOR_EACH_PTR(type->arguments, argument)
		{
			carrier = carrier_of(argument);
			plain &= !is_token_type(argument);
			if (is_token_type(argument))
				print_fact("takes", function, linkage, kind_of(argument),
				           symbol->pos);
			else if (carrier)
				print_fact("handed", function, linkage, name_of(carrier->ident),
				           symbol->pos);
		}
		END_FOR_EACH_PTR(argument);
		if (plain)
			print_fact("plain", function, linkage, "-", symbol->pos);
	}
	walk_symbol(symbol, &hooks);
}

void print_holders(struct token *list)
{
	struct symbol *type, *member;
	struct token *token;

	for (token = list; !eof_token(token); token = token->next) {
		if (token_type(token) != TOKEN_IDENT)
			continue;
		type = lookup_symbol(token->ident, NS_STRUCT);
		if (!type || type->type != SYM_STRUCT)
			continue;
		FOR_EACH_PTR(type->symbol_list, member)
		{
			if (is_token_type(member))
				print_fact("holds", name_of(type->ident), name_of(member->ident),
				           kind_of(member), member->pos);
		}
		END_FOR_EACH_PTR(member);
	}
}
