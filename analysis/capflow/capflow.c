/* SPDX-License-Identifier: MIT
 *
 * capflow: checks where capability tokens come from and where they live.
 *
 *   capflow [--facts] --policy FILE... [--reads FILE] -- COMPILE COMMAND
 *   capflow [--facts] --policy FILE... [--reads FILE] [-I -D -U -include -std ...] FILE.c...
 *
 * Prints findings as file:line:col: error: RULE: text, or with --facts what the file
 * says about tokens (facts.c). Exit 0: clean, 1: findings, 2: some file could not be
 * checked; stderr says which and why, the others were.
 * --reads names a file that gets a make rule: all that one source was read from.
 * Each file has a process of its own, since Sparse's library ends the program on
 * what it cannot read.
 */
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capflow.h"
#include "evaluate.h"
#include "scope.h"
#include "../gate/sparse_flags.h"

/* A hang detector, not a performance target: a large file takes 0.1 s. */
#define SECONDS_A_FILE 60

static const struct rule *const rules[] = {
        &rule_cap001_literal,
        &rule_cap001_static,
        &rule_cap001_flow,
        &rule_cap004, /* before CAP002, which leaves to it what it has judged */
        &rule_cap002,
        &rule_cap003,
        &rule_cap004_function,
        &rule_cap005,
        &rule_cap006,
        &rule_cap008,
};

static const char *reads_path;
static bool facts_wanted; /* instead of findings */
static bool finished;     /* the child came to its own end, not to Sparse's exit() */

static void check_tokens(struct token *list, bool parsed)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(rules); i++) {
		void (*hook)(struct token *) = parsed ? rules[i]->parsed_tokens : rules[i]->tokens;

		if (hook)
			hook(list);
	}
}

DECLARE_PTR_LIST(entrypoint_list, struct entrypoint);

static struct symbol_list *static_objects;
static struct entrypoint_list *entrypoints;

/* Sparse evaluates an inline function where it is inlined. Here it stays a call, so
 * that it is judged once and by its own lines, and joins the list that is walked. */
static void keep_call(struct expression *expr)
{
	struct symbol *callee, *definition;
	struct symbol_list *alone = NULL;

	if (expr->type != EXPR_CALL || !expr->fn || !expr->fn->ctype)
		return;
	callee = expr->fn->ctype;
	if (!(callee->ctype.modifiers & MOD_INLINE))
		return;
	callee->ctype.modifiers &= ~MOD_INLINE;
	definition = callee->definition ? callee->definition : callee;
	if (!definition->definition || definition->accessed)
		return;
	definition->accessed = 1;
	add_symbol(&alone, definition);
	evaluate_symbol_list(alone);
	add_symbol(&translation_unit_used_list, definition);
}

static void note_object(struct symbol *symbol)
{
	if (symbol->initializer && !is_automatic(symbol))
		add_symbol(&static_objects, symbol);
}

static const struct walk_hooks preparation = {.declaration = note_object, .expression = keep_call};

/* The functions that make tokens are what the rules trust. */
static bool is_trusted(struct symbol *symbol)
{
	return symbol->ident && policy_is_mint(symbol->ident->name, symbol->ident->len);
}

static void linearize(struct symbol *symbol)
{
	struct entrypoint *ep;
	size_t i;

	expand_symbol(symbol);
	ep = linearize_symbol(symbol);
	if (!ep || !ep->entry)
		return;
	add_ptr_list(&entrypoints, ep);
	for (i = 0; i < ARRAY_SIZE(rules); i++)
		if (rules[i]->collect)
			rules[i]->collect(ep);
}

static void check_symbols(struct symbol_list *list)
{
	struct entrypoint *ep;
	struct symbol *symbol;
	size_t i;

	FOR_EACH_PTR(list, symbol)
	{
		walk_symbol(symbol, &preparation);
		for (i = 0; i < ARRAY_SIZE(rules) && !is_trusted(symbol); i++)
			walk_symbol(symbol, &rules[i]->walk);
	}
	END_FOR_EACH_PTR(symbol);

	FOR_EACH_PTR(list, symbol)
	{
		linearize(symbol);
	}
	END_FOR_EACH_PTR(symbol);

	FOR_EACH_PTR(entrypoints, ep)
	{
		for (i = 0; i < ARRAY_SIZE(rules) && !is_trusted(ep->name); i++)
			if (rules[i]->function)
				rules[i]->function(ep);
	}
	END_FOR_EACH_PTR(ep);

	FOR_EACH_PTR(static_objects, symbol)
	{
		for (i = 0; i < ARRAY_SIZE(rules); i++)
			if (rules[i]->static_object)
				rules[i]->static_object(symbol);
	}
	END_FOR_EACH_PTR(symbol);
}

static void print_facts(struct token *list, struct symbol_list *symbols)
{
	struct symbol *symbol;

	print_holders(list);
	FOR_EACH_PTR(symbols, symbol)
	{
		walk_symbol(symbol, &preparation);
		walk_symbol(symbol, &rule_cap001_static.walk);
		print_facts_of(symbol);
	}
	END_FOR_EACH_PTR(symbol);
	FOR_EACH_PTR(symbols, symbol)
	{
		linearize(symbol);
	}
	END_FOR_EACH_PTR(symbol);
	print_facts_of_carriers(symbols);
}

static void end_early(void)
{
	if (!finished) {
		fflush(stderr);
		_exit(EXIT_UNABLE);
	}
}

static struct token *read_tokens(const char *path)
{
	FILE *file = fopen(path, "r");
	struct token *list;

	if (!file)
		die("%s: %s", path, strerror(errno));
	base_filename = path;
	new_file_scope();
	list = preprocess(tokenize(NULL, path, fileno(file), NULL, includepath));
	fclose(file);
	return list;
}

/* A make rule, as compilers write it. */
static void write_reads(void)
{
	FILE *file = fopen(reads_path, "w");
	const char *c;
	int i;

	if (!file)
		die("%s: %s", reads_path, strerror(errno));
	fputs("reads:", file);
	for (i = 0; i < input_stream_nr; i++) {
		if (input_streams[i].fd < 0)
			continue; /* text that Sparse brings along */
		fputs(" \\\n ", file);
		for (c = input_streams[i].name; *c; c++) {
			if (strchr(" \\#'\"", *c))
				fputc('\\', file);
			fputc(*c, file);
		}
	}
	fputc('\n', file);
	if (fclose(file))
		die("%s: %s", reads_path, strerror(errno));
}

/* Runs in a child; does not return. */
static void check_file(int argc, char **argv)
{
	struct string_list *files = NULL;
	struct symbol_list *symbols = NULL;
	struct token *list, *token;
	char *path;

	atexit(end_early);
	alarm(SECONDS_A_FILE);
	tabstop = 1; /* columns as compilers count them */
	sparse_initialize(argc, argv, &files);
	path = first_ptr_list((struct ptr_list *)files);
	fpasses = 0; /* linear code as the source has it */
	fmax_warnings = 0;

	list = read_tokens(path);
	if (!facts_wanted)
		check_tokens(list, false);
	for (token = list; !eof_token(token);)
		token = external_declaration(token, &translation_unit_used_list, NULL);
	symbols = translation_unit_used_list;
	evaluate_symbol_list(symbols);
	if (facts_wanted) {
		print_facts(list, symbols);
	} else {
		check_tokens(list, true);
		check_symbols(symbols);
	}
	if (reads_path)
		write_reads();

	finished = true;
	path = print_findings() ? "found" : NULL;
	fflush(stdout);
	if (die_if_error)
		_exit(EXIT_UNABLE);
	_exit(path ? EXIT_FINDINGS : EXIT_CLEAN);
}

/* Sparse's own words are stock Sparse's to say; here they only explain why a file
 * could not be read. */
static void explain(const char *path, FILE *log, int status)
{
	char line[512], reason[512] = "";

	rewind(log);
	while (fgets(line, sizeof(line), log)) {
		line[strcspn(line, "\n")] = '\0';
		if (!*reason || (strstr(line, "error: ") && !strstr(reason, "error: ")))
			strcpy(reason, line);
	}
	if (WIFSIGNALED(status))
		snprintf(reason, sizeof(reason), "the checker was ended by signal %d (%s)",
		         WTERMSIG(status), strsignal(WTERMSIG(status)));
	fprintf(stderr, "capflow: %s: could not be checked: %s\n", path,
	        *reason ? reason : "Sparse's library gave no reason");
}

static int run_file(int argc, char **argv, char *path)
{
	FILE *log = tmpfile();
	int status;
	pid_t child;

	if (!log) {
		fprintf(stderr, "capflow: no temporary file: %s\n", strerror(errno));
		return EXIT_UNABLE;
	}
	fflush(NULL);
	child = fork();
	if (child < 0) {
		fprintf(stderr, "capflow: cannot start a process: %s\n", strerror(errno));
		return EXIT_UNABLE;
	}
	argv[argc] = path;
	if (!child) {
		dup2(fileno(log), STDERR_FILENO);
		check_file(argc + 1, argv);
	}
	if (waitpid(child, &status, 0) < 0 || !WIFEXITED(status) ||
	    WEXITSTATUS(status) > EXIT_FINDINGS) {
		explain(path, log, status);
		fclose(log);
		return EXIT_UNABLE;
	}
	fclose(log);
	return WEXITSTATUS(status);
}

static int fail_usage(const char *reason)
{
	fprintf(stderr,
	        "capflow: %s\nusage: capflow [--facts] --policy FILE... [--reads FILE] "
	        "(FLAGS FILE.c... | -- COMPILE COMMAND)\n",
	        reason);
	return EXIT_UNABLE;
}

int main(int argc, char **argv)
{
	struct sparse_flags flags;
	int i = 1, worst = EXIT_CLEAN, policies = 0;

	if (i < argc && !strcmp(argv[i], "--facts")) {
		facts_wanted = true;
		i++;
	}
	for (; i + 1 < argc && !strcmp(argv[i], "--policy"); i += 2, policies++)
		read_policy(argv[i + 1]);
	if (!policies)
		return fail_usage("--policy is missing");
	if (i + 1 < argc && !strcmp(argv[i], "--reads")) {
		reads_path = argv[i + 1];
		i += 2;
	}
	/* Behind "--" stands a whole command, whose first word is the compiler. */
	if (i < argc && !strcmp(argv[i], "--"))
		i += 2;
	if (i > argc || !translate_flags(&flags, argv[0], argc - i, argv + i))
		return fail_usage("out of memory or words");
	if (!flags.source_count)
		return fail_usage("no source file is named");
	for (i = 0; i < flags.source_count; i++) {
		const int result = run_file(flags.count, flags.args, flags.sources[i]);

		if (result > worst)
			worst = result;
	}
	return worst;
}
