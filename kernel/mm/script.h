/* SPDX-License-Identifier: MIT
 *
 * The first line of a #! script (execve(2), "Interpreter scripts"). A pure function
 * over the file's first bytes.
 */
#pragma once

#include <aramid/check.h>

#define SCRIPT_LINE_MAX 256 /* as Linux: BINPRM_BUF_SIZE */

struct script {
	char interpreter[SCRIPT_LINE_MAX];
	char argument[SCRIPT_LINE_MAX]; /* all that follows, as one string; "" for none */
};

/* line: the first size bytes of a file, size <= SCRIPT_LINE_MAX. 0, or -ENOEXEC when this is no
 * script, or names no interpreter, or its path does not end within the line. */
int __must_check script_parse(const char *line, unsigned int size, struct script *script);
