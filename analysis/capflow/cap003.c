/* SPDX-License-Identifier: MIT
 *
 * CAP003: only listed core files reference a mint. The rule reads preprocessed
 * tokens, since Sparse's parser forgets assembler labels and attributes: a mint's
 * name is not to be said outside the core, neither as an identifier (a call, a
 * pointer, a redeclaration, typeof, a pragma) nor inside the string of an asm or
 * an attribute, nor as a string of its own (a symbol looked up by name).
 */
#include <string.h>

#include "capflow.h"

static bool is_core(struct token *token)
{
	return policy_is_core_file(stream_name(token->pos.stream));
}

static void report_string(struct position pos, const char *mint, const char *text)
{
	report_finding("CAP003", pos,
	               "mint '%s' is referenced by the string \"%.60s\" outside the core", mint,
	               text);
}

static void check_kept_string(struct token *first, const char *text, bool is_asm)
{
	const char *mint = policy_mint_within(text);

	if (mint && !is_core(first))
		report_string(place_in_string(first, strstr(text, mint) - text), mint, text);
}

/* A string that is the mint's name and nothing else: to look a symbol up. */
static void check_lone_string(struct token *token)
{
	static char text[TEXT_ROOM];
	const size_t length = decode_string(text, token->string);

	if (policy_is_mint(text, length) && !is_core(token))
		report_string(token->pos, text, text);
}

static void check_tokens(struct token *list)
{
	struct token *token;

	for (token = list; !eof_token(token); token = token->next) {
		if (token_type(token) == TOKEN_IDENT) {
			if (policy_is_mint(token->ident->name, token->ident->len) &&
			    !is_core(token))
				report_finding("CAP003", token->pos,
				               "mint '%s' is referenced outside the core",
				               show_ident(token->ident));
		} else if (token_type(token) == TOKEN_STRING) {
			check_lone_string(token);
		}
	}
	for_each_kept_string(list, check_kept_string);
}

const struct rule rule_cap003 = {.tokens = check_tokens};
