/* SPDX-License-Identifier: MIT
 *
 * Cutting the first component off a path, as kernel/vfs/path.c does.
 */
#include <kernel/vfs/path_split.h>

void cut_a_path(const char *path);

/*@ requires is_text(path, path_length);
    assigns \nothing; */
void cut_a_path(const char *path)
{
	struct path_component component;
	const char *rest = path;
	int found = path_next_component(&rest, &component);

	/*@ assert found == 1 ==> component.name[0] != '/' && component.name[0] != 0; */
	/*@ assert found == 0 ==> rest == path; */
}
