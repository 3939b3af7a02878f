/* SPDX-License-Identifier: MIT
 *
 * Reading a script's first line as kernel/mm/exec.c does, of a file that may hold anything.
 */
#include <kernel/mm/script.h>

int read_a_script(const char *line, unsigned int size);

/*@ requires size <= SCRIPT_LINE_MAX && \valid_read(line + (0 .. size - 1));
    assigns \nothing; */
int read_a_script(const char *line, unsigned int size)
{
	struct script script;
	int error = script_parse(line, size, &script);

	/*@ assert error == 0 ==> script.interpreter[0] != 0 && script.interpreter[0] != ' '; */
	return error;
}
