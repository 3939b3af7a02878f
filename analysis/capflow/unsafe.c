/* SPDX-License-Identifier: MIT
 *
 * Where CAP_UNSAFE("reason", expression) stands. The macro is gone when the rules
 * run, so a file in which something was found is read again, as text: the macro's
 * name, then everything up to the closing parenthesis, with strings, characters
 * and comments skipped. An empty reason excuses nothing.
 */
#include <ctype.h>
#include <string.h>

#include "capflow.h"

struct span {
	struct span *next;
	unsigned int first_line, first_column, last_line, last_column;
};

struct scanned_file {
	struct scanned_file *next;
	const char *name;
	struct span *spans;
};

struct cursor {
	FILE *file;
	unsigned int line, column; /* of the character read last */
	int pushed;                /* read ahead, or EOF */
};

static struct scanned_file *scanned;

static const char hatch[] = "CAP_UNSAFE";

static int next_character(struct cursor *at)
{
	int c = at->pushed;

	if (c != EOF)
		at->pushed = EOF;
	else
		c = getc(at->file);
	if (c == '\n') {
		at->line++;
		at->column = 0;
	} else {
		at->column++;
	}
	return c;
}

static int peek_character(struct cursor *at)
{
	if (at->pushed == EOF)
		at->pushed = getc(at->file);
	return at->pushed;
}

/* Returns how many characters stood between the quotes. */
static int skip_quoted(struct cursor *at, int quote)
{
	int c, length = 0;

	while ((c = next_character(at)) != EOF && c != quote && c != '\n') {
		if (c == '\\')
			next_character(at);
		length++;
	}
	return length;
}

static void skip_comment(struct cursor *at)
{
	int c, before = 0;

	if (peek_character(at) == '/') {
		while ((c = peek_character(at)) != EOF && c != '\n')
			next_character(at);
		return;
	}
	next_character(at);
	while ((c = next_character(at)) != EOF && !(before == '*' && c == '/'))
		before = c;
}

/* The next character that is code, EOF at the end; a string counts as one '"'
 * and leaves its length in *LENGTH. */
static int next_code(struct cursor *at, int *length)
{
	for (;;) {
		int c = next_character(at);

		if (c == '/' && (peek_character(at) == '/' || peek_character(at) == '*')) {
			skip_comment(at);
			continue;
		}
		if (c == '"' || c == '\'')
			*length = skip_quoted(at, c);
		return c;
	}
}

static int next_solid(struct cursor *at, int *length)
{
	int c;

	do
		c = next_code(at, length);
	while (c != EOF && isspace(c));
	return c;
}

/* Called behind the macro's name. Sparse gives what a macro expands to the place
 * of that name, so the span begins with it. */
static void scan_hatch(struct cursor *at, struct scanned_file *into)
{
	const unsigned int line = at->line, column = at->column + 2 - sizeof(hatch);
	struct span *span;
	int depth = 1, length = 0, c;

	if (next_solid(at, &length) != '(')
		return;
	span = calloc(1, sizeof(*span));
	if (!span)
		die("out of memory");
	span->first_line = line;
	span->first_column = column;
	if (next_solid(at, &length) != '"' || !length)
		return;
	while (depth && (c = next_code(at, &length)) != EOF)
		depth += (c == '(') - (c == ')');
	span->last_line = at->line;
	span->last_column = at->column;
	span->next = into->spans;
	into->spans = span;
}

static void scan_file(struct scanned_file *into)
{
	struct cursor at = {.file = fopen(into->name, "r"), .line = 1, .pushed = EOF};
	size_t matched = 0;
	bool inside_word = false;
	int c, length;

	if (!at.file)
		return; /* a built-in stream: it holds no hatch */
	while ((c = next_code(&at, &length)) != EOF) {
		const bool word = isalnum(c) || c == '_';

		if (!inside_word || matched) {
			matched = matched < sizeof(hatch) - 1 && c == hatch[matched] ? matched + 1
			                                                             : 0;
		}
		inside_word = word;
		if (matched == sizeof(hatch) - 1) {
			c = peek_character(&at);
			if (!isalnum(c) && c != '_')
				scan_hatch(&at, into);
			matched = 0;
		}
	}
	fclose(at.file);
}

bool is_inside_unsafe(const char *file, unsigned int line, unsigned int column)
{
	struct scanned_file *entry;
	const struct span *span;

	for (entry = scanned; entry; entry = entry->next)
		if (!strcmp(entry->name, file))
			break;
	if (!entry) {
		entry = calloc(1, sizeof(*entry));
		if (!entry)
			die("out of memory");
		entry->name = file;
		entry->next = scanned;
		scanned = entry;
		scan_file(entry);
	}
	for (span = entry->spans; span; span = span->next) {
		if (line < span->first_line || line > span->last_line)
			continue;
		if (line == span->last_line && column > span->last_column)
			continue;
		if (line > span->first_line || column >= span->first_column)
			return true;
	}
	return false;
}
