/* SPDX-License-Identifier: MIT */
#include <kernel/vfs/path_split.h>

#include <stdint.h>

#include <kernel/lib/errno.h>

int path_next_component(const char **rest, struct path_component *component)
{
	const char *text = *rest;
	uint32_t start = 0, length = 0, end;

	/*@ loop invariant 0 <= start <= path_length;
	    loop invariant all_slashes(text, 0, start);
	    loop assigns start;
	    loop variant path_length - start; */
	while (text[start] == '/')
		start++;
	if (text[start] == '\0')
		return 0;
	/*@ loop invariant 0 <= length <= PATH_NAME_MAX && start + length <= path_length;
	    loop invariant same_name(text, start, length, component);
	    loop assigns length, component->name[0 .. PATH_NAME_MAX];
	    loop variant path_length - length; */
	while (text[start + length] != '\0' && text[start + length] != '/') {
		if (length == PATH_NAME_MAX)
			return -ENAMETOOLONG;
		component->name[length] = text[start + length];
		length++;
	}
	component->name[length] = '\0';
	end = start + length;
	*rest = text + end;
	component->trailing_slash = text[end] == '/';
	/*@ loop invariant start + length <= end <= path_length;
	    loop invariant all_slashes(text, start + length, end);
	    loop assigns end;
	    loop variant path_length - end; */
	while (text[end] == '/')
		end++;
	component->last = text[end] == '\0';
	/*@ assert the_cut: is_cut(text, *rest, start, length, component); */
	return 1;
}
