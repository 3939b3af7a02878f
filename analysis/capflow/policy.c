/* SPDX-License-Identifier: MIT
 *
 * The policy: which structs are tokens, which functions make them, where they
 * may live. It is data, so a project's own kinds need no change here.
 */
#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <string.h>
#include <unistd.h>

#include "capflow.h"

struct fact {
	struct fact *next;
	char *first;
	char *second;
};

enum fact_class {
	FACT_KIND,
	FACT_MINT,
	FACT_EDGE,
	FACT_CARRIER,
	FACT_CORE_FILE,
	FACT_ALLOCATOR,
	FACT_CALLBACK,
	FACT_TAKES_CARRIER,
	FACT_SERVICE_FILE,
	FACT_SERVICE_CALL,
	FACT_RAW,
	FACT_PRIVILEGED,
	FACT_ENTITLED,
	FACT_COPIES_OUT,
	FACT_PAIR,
	FACT_TAKES,
	FACT_VALIDATES,
	FACT_LEFT_EMPTY,
	FACT_CLASSES
};

static const struct {
	const char *word;
	int operands;
} grammar[FACT_CLASSES] = {
        [FACT_KIND] = {"kind", 1},
        [FACT_MINT] = {"mint", 2},
        [FACT_EDGE] = {"edge", 2},
        [FACT_CARRIER] = {"carrier", 1},
        [FACT_CORE_FILE] = {"core-file", 1},
        [FACT_ALLOCATOR] = {"allocator", 1},
        [FACT_CALLBACK] = {"callback", 1},
        [FACT_TAKES_CARRIER] = {"takes-carrier", 1},
        [FACT_SERVICE_FILE] = {"service-file", 1},
        [FACT_PRIVILEGED] = {"privileged", 2},
        [FACT_ENTITLED] = {"entitled", 2},
        /* The object gate's and the analyzer's; here they are only checked for their form. */
        [FACT_SERVICE_CALL] = {"service-call", 2},
        [FACT_RAW] = {"raw", 2},
        [FACT_COPIES_OUT] = {"copies-out", 1},
        [FACT_PAIR] = {"pair", 3},
        [FACT_TAKES] = {"takes", 1},
        [FACT_VALIDATES] = {"validates", 1},
        /* Made by ./aramid check of what capflow says of all files. */
        [FACT_LEFT_EMPTY] = {"left-empty", 2},
};

/* The word of a fact, and its operands. */
#define MOST_WORDS 4

static struct fact *facts[FACT_CLASSES];

static const char token_prefix[] = "cap_";

static void refuse(const char *path, int line, const char *reason)
{
	fflush(stdout);
	if (line)
		fprintf(stderr, "capflow: %s:%d: %s\n", path, line, reason);
	else
		fprintf(stderr, "capflow: %s: %s\n", path, reason);
	_exit(EXIT_UNABLE);
}

static void *allocate_zeroed(size_t size)
{
	void *memory = calloc(1, size);

	if (!memory)
		refuse("policy", 0, "out of memory");
	return memory;
}

static char *copy_word(const char *word)
{
	return word ? strcpy(allocate_zeroed(strlen(word) + 1), word) : NULL;
}

static void read_line(const char *path, int number, char *line)
{
	char *words[MOST_WORDS + 1] = {NULL}; /* one more, so that too many are seen */
	char *rest = line, *word;
	struct fact *fact;
	int count = 0, class;

	while ((word = strsep(&rest, " \t\r\n")) != NULL) {
		if (*word == '#')
			break;
		if (*word && count <= MOST_WORDS)
			words[count++] = word;
	}
	if (!count)
		return;
	for (class = 0; class < FACT_CLASSES; class ++)
		if (!strcmp(words[0], grammar[class].word))
			break;
	if (class == FACT_CLASSES)
		refuse(path, number,
		       "no such fact (kind, mint, edge, carrier, core-file, service-file, "
		       "service-call, privileged, entitled, raw, copies-out, pair, takes, "
		       "validates)");
	if (count != grammar[class].operands + 1)
		refuse(path, number, "wrong number of words");

	fact = allocate_zeroed(sizeof(*fact));
	fact->first = copy_word(words[1]);
	fact->second = copy_word(words[2]);
	fact->next = facts[class];
	facts[class] = fact;
}

void read_policy(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[1024];
	int number = 0;

	if (!file)
		refuse(path, 0, strerror(errno));
	while (fgets(line, sizeof(line), file))
		read_line(path, ++number, line);
	if (ferror(file))
		refuse(path, 0, "cannot be read");
	fclose(file);
	if (!facts[FACT_KIND])
		refuse(path, 0, "names no kind of token, so nothing would be checked");
}

static bool is_fact(enum fact_class class, const char *name, size_t length)
{
	const struct fact *fact;

	for (fact = facts[class]; fact; fact = fact->next)
		if (strlen(fact->first) == length && !memcmp(fact->first, name, length))
			return true;
	return false;
}

bool policy_is_kind(const struct ident *tag)
{
	const size_t skip = sizeof(token_prefix) - 1;

	return tag && tag->len > skip && !memcmp(tag->name, token_prefix, skip) &&
	       is_fact(FACT_KIND, tag->name + skip, tag->len - skip);
}

bool policy_is_carrier(const struct ident *tag)
{
	return tag && is_fact(FACT_CARRIER, tag->name, tag->len);
}

bool policy_is_allocator(const struct ident *function)
{
	return function && is_fact(FACT_ALLOCATOR, function->name, function->len);
}

bool policy_is_callback(const struct ident *function)
{
	return function && is_fact(FACT_CALLBACK, function->name, function->len);
}

bool policy_takes_carrier(const struct ident *function)
{
	return function && is_fact(FACT_TAKES_CARRIER, function->name, function->len);
}

bool policy_is_mint(const char *name, size_t length)
{
	return is_fact(FACT_MINT, name, length);
}

static bool is_word_character(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

const char *policy_mint_within(const char *text)
{
	const struct fact *fact;
	const char *at;

	for (fact = facts[FACT_MINT]; fact; fact = fact->next) {
		const size_t length = strlen(fact->first);

		for (at = text; (at = strstr(at, fact->first)) != NULL; at++)
			if ((at == text || !is_word_character(at[-1])) &&
			    !is_word_character(at[length]))
				return fact->first;
	}
	return NULL;
}

/* A glob names the end of a path, from a folder on, so that it holds whether
 * the build names its files relative to the source tree or absolutely. */
static bool path_matches(const char *path, const char *glob)
{
	const char *tail;

	for (tail = path; tail; tail = strchr(tail, '/') ? strchr(tail, '/') + 1 : NULL)
		if (!fnmatch(glob, tail, 0))
			return true;
	return false;
}

static bool is_listed_file(enum fact_class class, const char *path)
{
	const struct fact *fact;

	for (fact = facts[class]; fact; fact = fact->next)
		if (path_matches(path, fact->first))
			return true;
	return false;
}

bool policy_is_core_file(const char *path)
{
	return is_listed_file(FACT_CORE_FILE, path);
}

bool policy_is_service_file(const char *path)
{
	return is_listed_file(FACT_SERVICE_FILE, path);
}

bool policy_is_entitled(const char *path, const char *kind)
{
	const struct fact *fact;

	for (fact = facts[FACT_ENTITLED]; fact; fact = fact->next)
		if (!strcmp(fact->first, kind) && path_matches(path, fact->second))
			return true;
	return false;
}

bool policy_is_left_empty(const struct ident *object, long long offset)
{
	const struct fact *fact;

	for (fact = facts[FACT_LEFT_EMPTY]; fact; fact = fact->next)
		if (is_named(object, fact->first) && strtoll(fact->second, NULL, 10) == offset)
			return true;
	return false;
}

const char *policy_privilege(const struct ident *function)
{
	const struct fact *fact;

	for (fact = facts[FACT_PRIVILEGED]; fact; fact = fact->next)
		if (strlen(fact->first) == function->len &&
		    !memcmp(fact->first, function->name, function->len))
			return fact->second;
	return NULL;
}

void policy_for_each_privileged(void (*visit)(const char *function))
{
	const struct fact *fact;

	for (fact = facts[FACT_PRIVILEGED]; fact; fact = fact->next)
		visit(fact->first);
}

const char *policy_kind_of(const struct ident *tag)
{
	const struct fact *fact;

	for (fact = policy_is_kind(tag) ? facts[FACT_KIND] : NULL; fact; fact = fact->next)
		if (strlen(fact->first) == tag->len - sizeof(token_prefix) + 1 &&
		    !memcmp(fact->first, tag->name + sizeof(token_prefix) - 1, strlen(fact->first)))
			return fact->first;
	return NULL;
}
