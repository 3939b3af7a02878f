/* SPDX-License-Identifier: MIT
 *
 * What the address of a carrier is used for, over Sparse's linear code: can whoever
 * has it fill the carrier? Reading through it, zeroing what it points to and handing
 * it on as a pointer to const cannot; anything else may. A cast that drops the const
 * is CAP004's.
 */
#include <string.h>

#include "capflow.h"

static bool is_zeroing_call(struct instruction *call)
{
	static const char *const names[] = {"memset",          "__builtin_memset", "bzero",
	                                    "__builtin_bzero", "explicit_bzero",   NULL};
	const char *const *name;

	if (!call->func || call->func->type != PSEUDO_SYM || !call->func->sym->ident)
		return false;
	for (name = names; *name; name++)
		if (!strcmp(*name, show_ident(call->func->sym->ident)))
			return true;
	return false;
}

static bool points_to_const(struct symbol *type)
{
	type = bare_type(type);
	if (!type || type->type != SYM_PTR)
		return false;
	examine_pointer_target(type);
	return type->ctype.modifiers & MOD_CONST;
}

/* The type that the callee gives this argument; NULL for a variable one. */
static struct symbol *parameter_type(struct instruction *call, pseudo_t argument)
{
	struct symbol *function = bare_type(first_symbol(call->fntypes)), *parameter;
	pseudo_t given;

	if (function && function->type == SYM_PTR)
		function = bare_type(function->ctype.base_type);
	if (!function || function->type != SYM_FN)
		return NULL;
	PREPARE_PTR_LIST(function->arguments, parameter);
	FOR_EACH_PTR(call->arguments, given)
	{
		if (given == argument)
			return parameter;
		NEXT_PTR_LIST(parameter);
	}
	END_FOR_EACH_PTR(given);
	FINISH_PTR_LIST(parameter);
	return NULL;
}

struct symbol *type_shown(struct instruction *call, pseudo_t argument)
{
	struct symbol *type = bare_type(parameter_type(call, argument));

	if (!points_to_const(type) || !holds_token(type->ctype.base_type))
		return NULL;
	return bare_type(type->ctype.base_type);
}

static bool is_used(pseudo_t address, bool writes, int depth);

static bool is_used_by(struct instruction *user, pseudo_t address, bool writes, int depth)
{
	switch (user->opcode) {
	case OP_LOAD:
	case OP_CBR:
		return false;
	case OP_STORE:
		if (user->target == address)
			return !points_to_const(user->type);
		return writes && user->target->type != PSEUDO_VAL;
	case OP_CALL:
		return !is_zeroing_call(user) && !type_shown(user, address);
	case OP_PTRCAST:
	case OP_NOP:
	case OP_ADD:
	case OP_SUB:
		return is_used(user->target, writes, depth + 1);
	default:
		return user->opcode < OP_BINCMP || user->opcode > OP_BINCMP_END;
	}
}

/* Handed to somebody who may write through it, or, with WRITES, written through. */
static bool is_used(pseudo_t address, bool writes, int depth)
{
	struct pseudo_user *user;

	if (depth > 4)
		return true;
	FOR_EACH_PTR(address->users, user)
	{
		if (is_used_by(user->insn, address, writes, depth))
			return true;
	}
	END_FOR_EACH_PTR(user);
	return false;
}

bool may_fill(pseudo_t address)
{
	return is_used(address, true, 0);
}

bool may_escape(pseudo_t pointer)
{
	return is_used(pointer, false, 0);
}

static bool is_zeroing_user(struct instruction *user, int depth)
{
	struct pseudo_user *next;

	if (user->opcode == OP_CALL)
		return is_zeroing_call(user);
	if ((user->opcode != OP_PTRCAST && user->opcode != OP_NOP) || depth > 4)
		return false;
	FOR_EACH_PTR(user->target->users, next)
	{
		if (is_zeroing_user(next->insn, depth + 1))
			return true;
	}
	END_FOR_EACH_PTR(next);
	return false;
}

bool is_zeroed_through(pseudo_t address)
{
	struct pseudo_user *user;

	FOR_EACH_PTR(address->users, user)
	{
		if (is_zeroing_user(user->insn, 0))
			return true;
	}
	END_FOR_EACH_PTR(user);
	return false;
}

struct symbol *object_behind(pseudo_t address, long long *offset)
{
	struct instruction *insn;
	int depth;

	*offset = 0;
	for (depth = 0; address && depth < 8; depth++) {
		if (address->type == PSEUDO_SYM)
			return address->sym;
		if (address->type != PSEUDO_REG || !address->def)
			return NULL;
		insn = address->def;
		switch (insn->opcode) {
		case OP_SYMADDR:
		case OP_PTRCAST:
		case OP_NOP:
			address = insn->src;
			break;
		case OP_ADD:
			address = insn->src1;
			if (insn->src2->type != PSEUDO_VAL || *offset < 0)
				*offset = UNKNOWN_OFFSET;
			else
				*offset += insn->src2->value;
			break;
		case OP_LOAD:
			/* The carrier that a local pointer leads to stands for the pointer. */
			if (insn->src->type == PSEUDO_SYM && is_pointer_to_holder(insn->src->sym))
				return insn->src->sym;
			return NULL;
		default:
			return NULL;
		}
	}
	return NULL;
}
