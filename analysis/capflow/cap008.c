/* SPDX-License-Identifier: MIT
 *
 * CAP008: a service has no raw privileged operation. Which instructions are privileged is
 * Intel's to say (SDM volume 3, 5.9), and which files are a service's the policy's. Here the
 * text of assembler statements is read, also of one that is never compiled into code; the
 * object gate reads what became of them, and bytes that are written as data.
 */
#include <ctype.h>
#include <string.h>

#include "capflow.h"

#define RULE "CAP008"

/* A suffix of size may follow. */
static const char *const instructions[] = {
        "rdmsr",  "wrmsr", "cli",  "sti",    "hlt",     "lgdt", "sgdt",   "lidt",    "sidt",
        "lldt",   "ltr",   "lmsw", "clts",   "invlpg",  "invd", "wbinvd", "invpcid", "xsetbv",
        "swapgs", "iret",  "in",   "sysret", "sysexit", "ins",  "out",    "outs",    NULL,
};

static bool is_instruction(const char *word, size_t length)
{
	const char *const *name;
	size_t known;

	for (name = instructions; *name; name++) {
		known = strlen(*name);
		if (length >= known && length <= known + 1 && !memcmp(word, *name, known) &&
		    (length == known || strchr("bwlqd", word[known])))
			return true;
	}
	return false;
}

/* Control and debug registers: %cr3, %%dr7. */
static bool names_register(const char *operands, size_t length)
{
	size_t i;

	for (i = 0; i + 2 < length; i++)
		if (operands[i] == '%' && (operands[i + 1] == 'c' || operands[i + 1] == 'd') &&
		    operands[i + 2] == 'r')
			return true;
	return false;
}

/* What may stand before an instruction. */
static bool is_label_or_prefix(const char *word, size_t length)
{
	return (length && word[length - 1] == ':') || (length >= 3 && !memcmp(word, "rep", 3)) ||
	       (length == 4 && !memcmp(word, "lock", 4));
}

static void check_statement(struct token *first, const char *text, const char *line, size_t length)
{
	size_t start, end = 0;

	do {
		for (start = end; start < length && isspace((unsigned char)line[start]); start++)
			;
		for (end = start; end < length && !isspace((unsigned char)line[end]); end++)
			if (line[end] == ':') {
				end++;
				break;
			}
	} while (is_label_or_prefix(line + start, end - start));
	if (is_instruction(line + start, end - start) ||
	    (end - start >= 3 && !memcmp(line + start, "mov", 3) &&
	     names_register(line + end, length - end)))
		report_finding(RULE, place_in_string(first, line + start - text),
		               "a service may not execute '%.*s'", (int)(end - start),
		               line + start);
}

static void check_string(struct token *first, const char *text, bool is_asm)
{
	const char *line = text;
	size_t length;

	if (!is_asm || !policy_is_service_file(stream_name(first->pos.stream)))
		return;
	for (;;) {
		length = strcspn(line, "\n;");
		check_statement(first, text, line, length);
		if (!line[length])
			break;
		line += length + 1;
	}
}

static void check_text(struct token *list)
{
	for_each_kept_string(list, check_string);
}

const struct rule rule_cap008 = {.tokens = check_text};
