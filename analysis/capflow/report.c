/* SPDX-License-Identifier: MIT
 *
 * Findings: collected while the rules run, printed once, in source order. Two
 * hooks of one rule often see the same fault (the literal and the load of it), so
 * a rule speaks once a line.
 */
#include <stdarg.h>
#include <string.h>

#include "capflow.h"

struct finding {
	const char *rule;
	const char *file;
	unsigned int line, column;
	char text[200];
};

static struct finding *findings;
static size_t count, room;

static const struct finding *find_same_line(const char *rule, const char *file, unsigned int line)
{
	size_t i;

	for (i = 0; i < count; i++)
		if (!strcmp(findings[i].rule, rule) && findings[i].line == line &&
		    !strcmp(findings[i].file, file))
			return &findings[i];
	return NULL;
}

void report_finding(const char *rule, struct position pos, const char *format, ...)
{
	const char *file = stream_name(pos.stream);
	struct finding *finding;
	va_list args;

	if (is_inside_unsafe(file, pos.line, pos.pos) || find_same_line(rule, file, pos.line))
		return;
	if (count == room) {
		room = room ? 2 * room : 64;
		findings = realloc(findings, room * sizeof(*findings));
		if (!findings)
			die("out of memory");
	}
	finding = &findings[count++];
	finding->rule = rule;
	finding->file = file;
	finding->line = pos.line;
	finding->column = pos.pos;
	va_start(args, format);
	vsnprintf(finding->text, sizeof(finding->text), format, args);
	va_end(args);
}

static int compare_places(const void *left, const void *right)
{
	const struct finding *a = left, *b = right;
	int order = strcmp(a->file, b->file);

	if (!order)
		order = (a->line > b->line) - (a->line < b->line);
	if (!order)
		order = (a->column > b->column) - (a->column < b->column);
	return order ? order : strcmp(a->rule, b->rule);
}

bool print_findings(void)
{
	const struct finding *finding;

	if (!count)
		return false;
	qsort(findings, count, sizeof(*findings), compare_places);
	for (finding = findings; finding < findings + count; finding++)
		printf("%s:%u:%u: error: %s: %s\n", finding->file, finding->line, finding->column,
		       finding->rule, finding->text);
	return true;
}
