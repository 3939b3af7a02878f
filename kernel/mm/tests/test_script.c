/* SPDX-License-Identifier: MIT
 *
 * First lines of scripts, as execve(2) reads them.
 */
#include "cmocka_all.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <kernel/mm/script.h>

/* Parse a line from memory that ends where the line does. */
static int parse(const char *line, unsigned int size, struct script *script)
{
	char *exact = malloc(size);
	int result;

	memcpy(exact, line, size);
	result = script_parse(exact, size, script);
	free(exact);
	return result;
}

static void interpreter_and_one_argument_are_found(void **state)
{
	static const struct {
		const char *line, *interpreter, *argument;
	} rows[] = {
	        {"#!/bin/sh\necho\n", "/bin/sh", ""},
	        {"#!/bin/sh", "/bin/sh", ""},
	        {"#! /bin/sh -e \nx", "/bin/sh", "-e"},
	        {"#!\t/usr/bin/awk -f  -v\t\n", "/usr/bin/awk", "-f  -v"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct script script;

		assert_int_equal(parse(rows[i].line, (unsigned int)strlen(rows[i].line), &script),
		                 0);
		assert_string_equal(script.interpreter, rows[i].interpreter);
		assert_string_equal(script.argument, rows[i].argument);
	}
}

static void what_names_no_interpreter_is_refused(void **state)
{
	static const char *const lines[] = {"", "#", "#!", "#!\n", "#!  \t\n/bin/sh", "x!/bin/sh"};
	struct script script;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		assert_int_equal(parse(lines[i], (unsigned int)strlen(lines[i]), &script),
		                 -ENOEXEC);
}

static void a_path_longer_than_the_line_is_refused_and_a_long_argument_is_cut(void **state)
{
	char line[SCRIPT_LINE_MAX];
	struct script script;

	(void)state;
	memset(line, 'a', sizeof(line));
	memcpy(line, "#!", 2);
	assert_int_equal(parse(line, sizeof(line), &script), -ENOEXEC);
	line[10] = ' ';
	assert_int_equal(parse(line, sizeof(line), &script), 0);
	assert_int_equal(strlen(script.interpreter), 8);
	assert_int_equal(strlen(script.argument), SCRIPT_LINE_MAX - 11);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(interpreter_and_one_argument_are_found),
	        cmocka_unit_test(what_names_no_interpreter_is_refused),
	        cmocka_unit_test(a_path_longer_than_the_line_is_refused_and_a_long_argument_is_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
