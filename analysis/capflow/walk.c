/* SPDX-License-Identifier: MIT
 *
 * Visits each declaration, statement and expression that a symbol holds, after
 * Sparse has evaluated types and before it expands constants: casts and address
 * operators are still there. Each is visited once, before its parts.
 */
#include "capflow.h"

struct symbol *walked_symbol;

static void walk_statement(struct statement *stmt, const struct walk_hooks *hooks);
static void walk_expression(struct expression *expr, const struct walk_hooks *hooks);

static void walk_list(struct expression_list *list, const struct walk_hooks *hooks)
{
	struct expression *expr;

	FOR_EACH_PTR(list, expr)
	{
		walk_expression(expr, hooks);
	}
	END_FOR_EACH_PTR(expr);
}

static void walk_declaration(struct symbol *symbol, const struct walk_hooks *hooks)
{
	if (hooks->declaration)
		hooks->declaration(symbol);
	walk_expression(symbol->initializer, hooks);
}

static void walk_declarations(struct symbol_list *list, const struct walk_hooks *hooks)
{
	struct symbol *symbol;

	FOR_EACH_PTR(list, symbol)
	{
		walk_declaration(symbol, hooks);
	}
	END_FOR_EACH_PTR(symbol);
}

static void walk_expression(struct expression *expr, const struct walk_hooks *hooks)
{
	if (!expr)
		return;
	if (hooks->expression)
		hooks->expression(expr);

	switch (expr->type) {
	case EXPR_SYMBOL:
		/* The object of a compound literal has no other declaration. */
		if (expr->symbol && !expr->symbol->ident && expr->symbol->initializer)
			walk_declaration(expr->symbol, hooks);
		break;
	case EXPR_BINOP:
	case EXPR_COMMA:
	case EXPR_COMPARE:
	case EXPR_LOGICAL:
	case EXPR_ASSIGNMENT:
		walk_expression(expr->left, hooks);
		walk_expression(expr->right, hooks);
		break;
	case EXPR_PREOP:
	case EXPR_POSTOP:
		walk_expression(expr->unop, hooks);
		break;
	case EXPR_DEREF:
		walk_expression(expr->deref, hooks);
		break;
	case EXPR_CAST:
	case EXPR_FORCE_CAST:
	case EXPR_IMPLIED_CAST:
		walk_expression(expr->cast_expression, hooks);
		break;
	case EXPR_CONDITIONAL:
	case EXPR_SELECT:
		walk_expression(expr->conditional, hooks);
		walk_expression(expr->cond_true, hooks);
		walk_expression(expr->cond_false, hooks);
		break;
	case EXPR_CALL:
		walk_expression(expr->fn, hooks);
		walk_list(expr->args, hooks);
		break;
	case EXPR_STATEMENT:
		walk_statement(expr->statement, hooks);
		break;
	case EXPR_INITIALIZER:
		walk_list(expr->expr_list, hooks);
		break;
	case EXPR_IDENTIFIER:
		walk_expression(expr->ident_expression, hooks);
		break;
	case EXPR_INDEX:
		walk_expression(expr->idx_expression, hooks);
		break;
	case EXPR_POS:
		walk_expression(expr->init_expr, hooks);
		break;
	case EXPR_SLICE:
		walk_expression(expr->base, hooks);
		break;
	default:
		break; /* constants, types, labels */
	}
}

static void walk_operands(struct asm_operand_list *list, const struct walk_hooks *hooks)
{
	struct asm_operand *operand;

	FOR_EACH_PTR(list, operand)
	{
		walk_expression(operand->expr, hooks);
	}
	END_FOR_EACH_PTR(operand);
}

static void walk_statement(struct statement *stmt, const struct walk_hooks *hooks)
{
	struct statement *inner;

	if (!stmt)
		return;
	if (hooks->statement)
		hooks->statement(stmt);

	switch (stmt->type) {
	case STMT_DECLARATION:
		walk_declarations(stmt->declaration, hooks);
		break;
	case STMT_EXPRESSION:
	case STMT_CONTEXT:
		walk_expression(stmt->expression, hooks);
		break;
	case STMT_RETURN:
		walk_expression(stmt->ret_value, hooks);
		break;
	case STMT_COMPOUND:
		FOR_EACH_PTR(stmt->stmts, inner)
		{
			walk_statement(inner, hooks);
		}
		END_FOR_EACH_PTR(inner);
		break;
	case STMT_IF:
		walk_expression(stmt->if_conditional, hooks);
		walk_statement(stmt->if_true, hooks);
		walk_statement(stmt->if_false, hooks);
		break;
	case STMT_CASE:
		walk_statement(stmt->case_statement, hooks);
		break;
	case STMT_SWITCH:
		walk_expression(stmt->switch_expression, hooks);
		walk_statement(stmt->switch_statement, hooks);
		break;
	case STMT_ITERATOR:
		walk_declarations(stmt->iterator_syms, hooks);
		walk_statement(stmt->iterator_pre_statement, hooks);
		walk_expression(stmt->iterator_pre_condition, hooks);
		walk_statement(stmt->iterator_statement, hooks);
		walk_statement(stmt->iterator_post_statement, hooks);
		walk_expression(stmt->iterator_post_condition, hooks);
		break;
	case STMT_LABEL:
		walk_statement(stmt->label_statement, hooks);
		break;
	case STMT_GOTO:
		walk_expression(stmt->goto_expression, hooks);
		break;
	case STMT_ASM:
		walk_operands(stmt->asm_outputs, hooks);
		walk_operands(stmt->asm_inputs, hooks);
		break;
	default:
		break;
	}
}

void walk_symbol(struct symbol *symbol, const struct walk_hooks *hooks)
{
	struct symbol *type = symbol->ctype.base_type;

	walked_symbol = symbol;
	walk_declaration(symbol, hooks);
	if (type && type->type == SYM_FN)
		walk_statement(type->stmt, hooks);
}
