/* SPDX-License-Identifier: MIT
 *
 * Cutting a path into its components (path_resolution(7)): a pure function over the text.
 */
#pragma once

#include <stdbool.h>

#include <aramid/check.h>

#define PATH_NAME_MAX 255 /* NAME_MAX */

/* One component, cut off the front of a path. */
struct path_component {
	char name[PATH_NAME_MAX + 1];
	bool last;           /* nothing but slashes follows */
	bool trailing_slash; /* and at least one does */
};

/* Cuts the next component off *rest, a string, and moves *rest to behind it. 1: there is one;
 * 0: the path is at its end; -ENAMETOOLONG, with *rest as it was. */
int __must_check path_next_component(const char **rest, struct path_component *component);
