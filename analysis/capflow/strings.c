/* SPDX-License-Identifier: MIT
 *
 * The strings that a compiler or an assembler reads for themselves: inside asm(...),
 * __attribute__((...)) and pragmas. Sparse's parser forgets most of them, so they are
 * read from the preprocessed tokens, whose strings are as the source spells them.
 */
#include <stdlib.h>
#include <string.h>

#include "capflow.h"

enum keeper { KEEPS_NOTHING, KEEPS_ATTRIBUTE, KEEPS_ASM };

static const struct {
	const char *word;
	enum keeper keeper;
} keepers[] = {
        {"asm", KEEPS_ASM},
        {"__asm", KEEPS_ASM},
        {"__asm__", KEEPS_ASM},
        {"__attribute", KEEPS_ATTRIBUTE},
        {"__attribute__", KEEPS_ATTRIBUTE},
        {"__pragma__", KEEPS_ATTRIBUTE},
};

struct place {
	enum keeper armed; /* behind the word, up to the parentheses' end */
	int depth;
};

static enum keeper find_keeper(const struct ident *ident)
{
	size_t i;

	if (*ident->name != '_' && *ident->name != 'a')
		return KEEPS_NOTHING;
	for (i = 0; i < ARRAY_SIZE(keepers); i++)
		if (is_named(ident, keepers[i].word))
			return keepers[i].keeper;
	return KEEPS_NOTHING;
}

static void update(struct place *place, struct token *token)
{
	if (token_type(token) == TOKEN_IDENT) {
		if (!place->depth && find_keeper(token->ident))
			place->armed = find_keeper(token->ident);
	} else if (place->armed && match_op(token, '(')) {
		++place->depth;
	} else if (place->depth && match_op(token, ')')) {
		if (!--place->depth)
			place->armed = KEEPS_NOTHING;
	} else if (!place->depth && (match_op(token, ';') || match_op(token, '}'))) {
		place->armed = KEEPS_NOTHING;
	}
}

static int escape_value(const char **at)
{
	static const char letters[] = "abfnrtv", values[] = "\a\b\f\n\r\t\v";
	const char *letter;
	char *end;
	char digits[4] = "";
	size_t count;

	if (**at == 'x') {
		const long value = strtol(*at + 1, &end, 16);

		*at = end;
		return (unsigned char)value;
	}
	count = strspn(*at, "01234567");
	if (count) {
		memcpy(digits, *at, count < 3 ? count : 3);
		*at += strlen(digits);
		return (unsigned char)strtol(digits, NULL, 8);
	}
	letter = **at ? strchr(letters, **at) : NULL;
	if (!letter)
		return *(*at)++; /* a quote, a backslash */
	++*at;
	return values[letter - letters];
}

size_t decode_string(char text[TEXT_ROOM], const struct string *string)
{
	const char *at = string->data;
	size_t length = 0;

	while (*at && length < TEXT_ROOM - 1) {
		if (*at != '\\') {
			text[length++] = *at++;
			continue;
		}
		at++;
		text[length++] = (char)escape_value(&at);
	}
	text[length] = '\0';
	return length;
}

struct position place_in_string(struct token *first, size_t offset)
{
	static char text[TEXT_ROOM];
	struct token *part = first;
	size_t length;

	while (offset >= (length = decode_string(text, part->string)) &&
	       token_type(part->next) == TOKEN_STRING) {
		offset -= length;
		part = part->next;
	}
	return part->pos;
}

/* What does not fit is dropped: no assembler statement of a person is as long. */
static size_t append(char text[TEXT_ROOM], size_t length, const struct string *string)
{
	static char part[TEXT_ROOM];
	const size_t more = decode_string(part, string);

	if (length + more >= TEXT_ROOM)
		return length;
	memcpy(text + length, part, more + 1);
	return length + more;
}

void for_each_kept_string(struct token *list, string_visitor visit)
{
	struct place place = {KEEPS_NOTHING, 0};
	struct token *token, *first;
	char text[TEXT_ROOM] = "";
	size_t length;

	for (token = list; !eof_token(token); token = token->next) {
		update(&place, token);
		if (!place.depth || token_type(token) != TOKEN_STRING)
			continue;
		first = token;
		length = append(text, 0, token->string);
		while (token_type(token->next) == TOKEN_STRING) {
			token = token->next;
			length = append(text, length, token->string);
		}
		visit(first, text, place.armed == KEEPS_ASM);
	}
}
