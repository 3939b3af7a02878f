/* SPDX-License-Identifier: MIT */
#include <kernel/mm/exec_arguments.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/heap.h>
#include <kernel/mm/page_alloc.h>
#include <kernel/mm/space_writer.h>
#include <kernel/mm/user_copy.h>

#define STRING_PAGES (ARGUMENT_BYTES_MAX / PAGE_SIZE)
#define PREFIX_SIZE  (3 * 4096) /* what nested scripts may put before argv */

/* One stream of bytes: the used end of prefix, then pages from skipped on. */
struct exec_arguments {
	uint64_t argc, envc;
	uint64_t skipped; /* bytes of argv[0], once a script has replaced it */
	uint64_t end;     /* bytes in pages */
	uint32_t prefix_start;
	char *prefix; /* PREFIX_SIZE bytes, filled from the end downward; NULL until a script needs
	                 it */
	paddr_t pages[STRING_PAGES];
};

static uint64_t prefix_size(const struct exec_arguments *arguments)
{
	return PREFIX_SIZE - arguments->prefix_start;
}

static char byte_at(const struct exec_arguments *arguments, uint64_t position)
{
	uint64_t prefix = prefix_size(arguments);

	if (position < prefix)
		return arguments->prefix[arguments->prefix_start + position];
	position += arguments->skipped - prefix;
	return *((const char *)phys_to_virt(arguments->pages[position / PAGE_SIZE]) +
	         position % PAGE_SIZE);
}

/* ---- collecting ---- */

/* Room at the end of the stream: where, and how much of the page is left; NULL with the
 * error set. */
static char *room_at_end(struct exec_arguments *arguments, uint64_t *room, int *error)
{
	uint64_t index = arguments->end / PAGE_SIZE, offset = arguments->end % PAGE_SIZE;

	if (index >= STRING_PAGES) {
		*error = -E2BIG;
		return NULL;
	}
	if (arguments->pages[index] == 0)
		arguments->pages[index] = page_alloc(core_rights.pages, 0);
	if (arguments->pages[index] == 0) {
		*error = -ENOMEM;
		return NULL;
	}
	*room = PAGE_SIZE - offset;
	return (char *)phys_to_virt(arguments->pages[index]) + offset;
}

/* copy_string_from_user for either kind of string. */
static long copy_piece(bool from_core, char *to, const char __user *from, uint64_t room)
{
	const char *string = (__force const char *)from;
	uint64_t length;

	if (!from_core)
		return copy_string_from_user(to, from, room);
	length = strnlen(string, room);
	memcpy(to, string, length < room ? length + 1 : room);
	return length < room ? (long)length : -ENAMETOOLONG;
}

static int add_string(struct exec_arguments *arguments, bool from_core, const char __user *string)
{
	uint64_t size = 0, room = 0;
	int error = 0;

	for (;;) {
		char *to = room_at_end(arguments, &room, &error);
		long length;

		if (to == NULL)
			return error;
		length = copy_piece(from_core, to, string + size, room);
		if (length >= 0) {
			arguments->end += (uint64_t)length + 1;
			return size + (uint64_t)length < ARGUMENT_STRING_MAX ? 0 : -E2BIG;
		}
		if (length != -ENAMETOOLONG)
			return (int)length;
		arguments->end += room;
		size += room;
		if (size >= ARGUMENT_STRING_MAX)
			return -E2BIG;
	}
}

static int next_pointer(const struct argument_source *source, uint64_t index,
                        const char __user **string)
{
	if (source->core != NULL) {
		*string = (__force const char __user *)source->core[index];
		return 0;
	}
	if (source->user == NULL) {
		*string = NULL;
		return 0;
	}
	return copy_from_user(string, source->user + index, sizeof(*string));
}

static int add_all(struct exec_arguments *arguments, const struct argument_source *source,
                   uint64_t *count)
{
	for (;;) {
		const char __user *string;
		int error = next_pointer(source, *count, &string);

		if (error != 0)
			return error;
		if (string == NULL)
			return 0;
		error = add_string(arguments, source->core != NULL, string);
		if (error != 0)
			return error;
		(*count)++;
		if (arguments->end + (arguments->argc + arguments->envc) * sizeof(uint64_t) >
		    ARGUMENT_BYTES_MAX)
			return -E2BIG;
	}
}

int arguments_create(const struct argument_source *argv, const struct argument_source *envp,
                     struct exec_arguments **result)
{
	struct exec_arguments *arguments = heap_alloc(&core_heap, sizeof(*arguments));
	int error;

	if (arguments == NULL)
		return -ENOMEM;
	arguments->prefix_start = PREFIX_SIZE;
	error = add_all(arguments, argv, &arguments->argc);
	if (error == 0 && arguments->argc == 0) {
		error = add_string(arguments, true, (__force const char __user *)"");
		arguments->argc = 1;
	}
	if (error == 0)
		error = add_all(arguments, envp, &arguments->envc);
	if (error != 0) {
		arguments_free(arguments);
		return error;
	}
	*result = arguments;
	return 0;
}

void arguments_free(struct exec_arguments *arguments)
{
	for (uint64_t i = 0; i < STRING_PAGES && arguments->pages[i] != 0; i++)
		page_put(core_rights.pages, arguments->pages[i]);
	heap_free(&core_heap, arguments->prefix);
	heap_free(&core_heap, arguments);
}

/* ---- scripts ---- */

static void drop_first(struct exec_arguments *arguments)
{
	uint64_t size = 0;

	while (byte_at(arguments, size) != '\0')
		size++;
	size++;
	if (prefix_size(arguments) > 0)
		arguments->prefix_start += (uint32_t)size;
	else
		arguments->skipped += size;
	arguments->argc--;
}

static int add_first(struct exec_arguments *arguments, const char *string)
{
	uint64_t size = strlen(string) + 1;

	if (size > arguments->prefix_start)
		return -E2BIG;
	arguments->prefix_start -= (uint32_t)size;
	memcpy(arguments->prefix + arguments->prefix_start, string, size);
	arguments->argc++;
	return 0;
}

int arguments_replace_first(struct exec_arguments *arguments, const char *interpreter,
                            const char *optional, const char *script)
{
	int error;

	if (arguments->prefix == NULL)
		arguments->prefix = heap_alloc(&core_heap, PREFIX_SIZE);
	if (arguments->prefix == NULL)
		return -ENOMEM;
	drop_first(arguments);
	error = add_first(arguments, script);
	if (error == 0 && optional != NULL)
		error = add_first(arguments, optional);
	if (error == 0)
		error = add_first(arguments, interpreter);
	return error;
}

/* ---- handing over ---- */

uint64_t arguments_count(const struct exec_arguments *arguments)
{
	return arguments->argc;
}

uint64_t environment_count(const struct exec_arguments *arguments)
{
	return arguments->envc;
}

uint64_t arguments_size(const struct exec_arguments *arguments)
{
	return prefix_size(arguments) + arguments->end - arguments->skipped;
}

void arguments_write_strings(const struct exec_arguments *arguments, struct space_writer *writer)
{
	uint64_t position = arguments->skipped;

	if (arguments->prefix != NULL)
		writer_put(writer, arguments->prefix + arguments->prefix_start,
		           prefix_size(arguments));
	while (position < arguments->end) {
		uint64_t offset = position % PAGE_SIZE, size = PAGE_SIZE - offset;

		if (size > arguments->end - position)
			size = arguments->end - position;
		writer_put(writer,
		           (const char *)phys_to_virt(arguments->pages[position / PAGE_SIZE]) +
		                   offset,
		           size);
		position += size;
	}
}

static void write_table(const struct exec_arguments *arguments, struct space_writer *writer,
                        uint64_t count, uint64_t strings, uint64_t *position)
{
	for (uint64_t i = 0; i < count; i++) {
		writer_put_word(writer, strings + *position);
		while (byte_at(arguments, *position) != '\0')
			(*position)++;
		(*position)++;
	}
	writer_put_word(writer, 0);
}

uint64_t arguments_write_pointers(const struct exec_arguments *arguments,
                                  struct space_writer *writer, uint64_t strings)
{
	uint64_t position = 0, of_argv;

	write_table(arguments, writer, arguments->argc, strings, &position);
	of_argv = position;
	write_table(arguments, writer, arguments->envc, strings, &position);
	return of_argv;
}

uint64_t arguments_copy(const struct exec_arguments *arguments, char *to, uint64_t size)
{
	uint64_t strings = arguments->argc, position = 0;

	while (strings > 0 && position < size) {
		to[position] = byte_at(arguments, position);
		if (to[position++] == '\0')
			strings--;
	}
	return position;
}
