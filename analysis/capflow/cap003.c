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

static const char *const string_keepers[] = {
        "asm", "__asm", "__asm__", "__attribute", "__attribute__", "__pragma__", NULL,
};

static bool is_core(struct token *token)
{
	return policy_is_core_file(stream_name(token->pos.stream));
}

static bool keeps_strings(struct ident *ident)
{
	const char *const *word;

	for (word = string_keepers; *word; word++)
		if (strlen(*word) == ident->len && !memcmp(*word, ident->name, ident->len))
			return true;
	return false;
}

/* Tracks whether a token stands inside asm(...) or __attribute__((...)). */
static bool update_kept(struct token *token, bool *armed, int *depth)
{
	if (token_type(token) == TOKEN_IDENT) {
		if (!*depth && keeps_strings(token->ident))
			*armed = true;
	} else if (*armed && match_op(token, '(')) {
		++*depth;
	} else if (*depth && match_op(token, ')')) {
		if (!--*depth)
			*armed = false;
	} else if (!*depth && (match_op(token, ';') || match_op(token, '}'))) {
		*armed = false;
	}
	return *depth > 0;
}

static void check_string(struct token *token, bool kept)
{
	const char *text = token->string->data;
	const char *mint = policy_mint_within(text);

	if (mint && (kept || !strcmp(mint, text)))
		report_finding("CAP003", token->pos,
		               "mint '%s' is referenced by the string \"%.60s\" outside the core",
		               mint, text);
}

static void check_tokens(struct token *list)
{
	struct token *token;
	bool armed = false;
	int depth = 0;

	for (token = list; !eof_token(token); token = token->next) {
		const bool kept = update_kept(token, &armed, &depth);

		if (token_type(token) == TOKEN_IDENT) {
			if (policy_is_mint(token->ident->name, token->ident->len) &&
			    !is_core(token))
				report_finding("CAP003", token->pos,
				               "mint '%s' is referenced outside the core",
				               show_ident(token->ident));
		} else if (token_type(token) == TOKEN_STRING && !is_core(token)) {
			check_string(token, kept);
		}
	}
}

const struct rule rule_cap003 = {.tokens = check_tokens};
