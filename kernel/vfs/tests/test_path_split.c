/* SPDX-License-Identifier: MIT
 *
 * Cutting paths into components, each path in a heap block of exactly its size.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>
#include <kernel/vfs/path_split.h>

/* The components of a path, each followed by '|', by ')' if it is the last one, and before that
 * by '/' if slashes follow; then '!' if the cutting failed. */
static void assert_components(const char *path, const char *expected)
{
	char *text = strdup(path), seen[64] = "";
	struct path_component component;
	const char *rest = text;
	int found;

	while ((found = path_next_component(&rest, &component)) == 1) {
		strcat(seen, component.name);
		strcat(seen, component.trailing_slash ? "/" : "");
		strcat(seen, component.last ? ")" : "|");
	}
	if (found == -ENAMETOOLONG)
		strcat(seen, "!");
	assert_string_equal(seen, expected);
	free(text);
}

static void slashes_separate_components_whatever_their_number(void **state)
{
	(void)state;
	assert_components("/usr//lib///x", "usr/|lib/|x)");
	assert_components("a/.././b", "a/|../|./|b)");
}

static void trailing_slashes_are_told_and_make_no_component(void **state)
{
	(void)state;
	assert_components("dir//", "dir/)");
	assert_components("a/dir/", "a/|dir/)");
}

static void a_path_without_a_name_has_no_component(void **state)
{
	(void)state;
	assert_components("", "");
	assert_components("///", "");
}

static void a_name_of_255_bytes_is_taken_and_one_of_256_refused(void **state)
{
	char path[PATH_NAME_MAX + 3] = "/";
	struct path_component component;
	const char *rest = path;

	(void)state;
	memset(path + 1, 'n', PATH_NAME_MAX);
	assert_int_equal(path_next_component(&rest, &component), 1);
	assert_int_equal(strlen(component.name), PATH_NAME_MAX);
	path[PATH_NAME_MAX + 1] = 'n';
	rest = path;
	assert_int_equal(path_next_component(&rest, &component), -ENAMETOOLONG);
	assert_ptr_equal(rest, path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	        cmocka_unit_test(slashes_separate_components_whatever_their_number),
	        cmocka_unit_test(trailing_slashes_are_told_and_make_no_component),
	        cmocka_unit_test(a_path_without_a_name_has_no_component),
	        cmocka_unit_test(a_name_of_255_bytes_is_taken_and_one_of_256_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
