/* SPDX-License-Identifier: MIT
 *
 * The gate: a compiler launcher that also checks the file that it compiles.
 *
 *   aramid-gate --policy FILE... --capflow PROGRAM [--role FLAG... [--clang PROGRAM]]
 *               [--only sparse] -- COMPILE COMMAND
 *
 * Compiler, stock Sparse and capflow run side by side on the same file with the
 * same flags. Their words come out one after the other; a finding fails the
 * compile as a type error would, and takes the object file with it. The flags of
 * Clang's thread-safety roles are added to the compile itself, or, with --clang,
 * given to that program beside it, for a compiler that does not know them. What is
 * not the compilation of one C file (assembler, a link) goes straight to the
 * compiler. With --only sparse nothing is compiled: ./aramid check asks for that.
 *
 * Beside the object OBJECT.source is left with the source's path, for the object
 * gate, whose rules go by source files.
 *
 * Exit: the compiler's status, or 1: findings, 2: a checker could not run.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sparse_flags.h"

enum { EXIT_FINDINGS = 1, EXIT_UNABLE = 2 };

/* Without these two Sparse prints warnings and exits 0, or stops counting. */
static char *const sparse_words[] = {
        "sparse",
        "-Wsparse-error",
        "-fmax-warnings=unlimited",
        "-ftabstop=1", /* columns as compilers count them */
        "-Wenum-mismatch",
        "-Wone-bit-signed-bitfield",
        "-Wno-unknown-attribute",
        /* The compiler's to say, and it is told what assembler and tables refer to. */
        "-Wno-decl",
        "-Wno-cast-truncate",
        NULL,
};

/* With --clang only roles are asked for; the rest of the language is the compiler's. */
static char *const syntax_words[] = {
        "-fsyntax-only",
        "-Wno-everything",
        "-Wno-unknown-warning-option",
        "-Wno-unused-command-line-argument",
        "-Wno-ignored-optimization-argument",
        NULL,
};

struct request {
	char **policies;
	int policy_count; /* words, so twice the files */
	char *capflow;
	char **roles;
	int role_count;
	char *clang;
	int only_sparse;
	char **command;
	int command_count;
};

struct job {
	pid_t pid;
	FILE *output;
	const char *package; /* to install when the program is missing */
};

static void fail(const char *reason, const char *detail)
{
	fprintf(stderr, "aramid-gate: %s%s\n", reason, detail);
	exit(EXIT_UNABLE);
}

static void *allocate(size_t count, size_t size)
{
	void *memory = calloc(count, size);

	if (!memory)
		fail("out of memory", "");
	return memory;
}

static void read_request(struct request *request, int argc, char **argv)
{
	int i;

	*request = (struct request){
	        .policies = allocate(argc, sizeof(char *)),
	        .roles = allocate(argc, sizeof(char *)),
	};
	for (i = 1; i < argc && strcmp(argv[i], "--"); i += 2) {
		if (i + 1 == argc)
			fail("an option lacks its value: ", argv[i]);
		if (!strcmp(argv[i], "--policy")) {
			request->policies[request->policy_count++] = argv[i];
			request->policies[request->policy_count++] = argv[i + 1];
		} else if (!strcmp(argv[i], "--capflow")) {
			request->capflow = argv[i + 1];
		} else if (!strcmp(argv[i], "--role")) {
			request->roles[request->role_count++] = argv[i + 1];
		} else if (!strcmp(argv[i], "--clang")) {
			request->clang = argv[i + 1];
		} else if (!strcmp(argv[i], "--only") && !strcmp(argv[i + 1], "sparse")) {
			request->only_sparse = 1;
		} else {
			fail("no such option: ", argv[i]);
		}
	}
	if (i + 1 >= argc)
		fail("no compile command behind --", "");
	if (!request->only_sparse && (!request->capflow || !request->policy_count))
		fail("--policy and --capflow are needed", "");
	request->command = argv + i + 1;
	request->command_count = argc - i - 1;
}

/* Starts a program whose words go to a file of their own, or to ours. */
static void start(struct job *job, char **words, int separate)
{
	job->output = separate ? tmpfile() : NULL;
	if (separate && !job->output)
		fail("no temporary file: ", strerror(errno));
	job->pid = fork();
	if (job->pid < 0)
		fail("cannot start a process: ", strerror(errno));
	if (job->pid)
		return;
	if (separate) {
		dup2(fileno(job->output), STDOUT_FILENO);
		dup2(fileno(job->output), STDERR_FILENO);
	}
	execvp(words[0], words);
	fprintf(stderr, "aramid-gate: %s: %s%s%s\n", words[0], strerror(errno),
	        job->package ? ": install package " : "", job->package ? job->package : "");
	_exit(EXIT_UNABLE);
}

static int finish(struct job *job)
{
	char text[4096];
	size_t length;
	int status;

	while (waitpid(job->pid, &status, 0) < 0)
		if (errno != EINTR)
			fail("lost a process: ", strerror(errno));
	if (job->output) {
		rewind(job->output);
		while ((length = fread(text, 1, sizeof(text), job->output)) > 0)
			fwrite(text, 1, length, stderr);
		fclose(job->output);
	}
	if (WIFEXITED(status))
		return WEXITSTATUS(status);
	fprintf(stderr, "aramid-gate: %s was ended by signal %d\n",
	        job->package ? job->package : "a program", WTERMSIG(status));
	return EXIT_UNABLE;
}

static void start_sparse(struct job *job, const struct sparse_flags *flags)
{
	const int before = sizeof(sparse_words) / sizeof(sparse_words[0]) - 1;
	char **words = allocate(before + flags->count + 1, sizeof(char *));

	memcpy(words, sparse_words, before * sizeof(char *));
	/* The flags' first word is the program's name: the source takes a place. */
	memcpy(words + before, flags->args + 1, (flags->count - 1) * sizeof(char *));
	words[before + flags->count - 1] = flags->sources[0];
	job->package = "sparse";
	start(job, words, 1);
}

/* capflow reads the compile command by itself. */
static void start_capflow(struct job *job, const struct request *request)
{
	const int before = request->policy_count + 2;
	char **words = allocate(before + request->command_count + 1, sizeof(char *));

	words[0] = request->capflow;
	memcpy(words + 1, request->policies, request->policy_count * sizeof(char *));
	words[before - 1] = "--";
	memcpy(words + before, request->command, request->command_count * sizeof(char *));
	start(job, words, 1);
}

static void append(char **words, int *count, char *const *more, int more_count)
{
	memcpy(words + *count, more, more_count * sizeof(char *));
	*count += more_count;
}

static void start_compiler(struct job *job, const struct request *request)
{
	char **words = allocate(request->command_count + request->role_count + 1, sizeof(char *));
	int count = 0;

	append(words, &count, request->command, request->command_count);
	if (!request->clang)
		append(words, &count, request->roles, request->role_count);
	start(job, words, 0);
}

/* What has to do with output is left out. */
static int words_of_output(const char *word)
{
	if (!strcmp(word, "-o") || !strcmp(word, "-MF") || !strcmp(word, "-MT") ||
	    !strcmp(word, "-MQ"))
		return 2;
	return !strcmp(word, "-c") || !strcmp(word, "-MD") || !strcmp(word, "-MMD") ||
	       !strcmp(word, "-MP");
}

static void start_roles(struct job *job, const struct request *request)
{
	const int syntax_count = sizeof(syntax_words) / sizeof(syntax_words[0]) - 1;
	char **words = allocate(request->command_count + syntax_count + request->role_count + 1,
	                        sizeof(char *));
	int i, skipped, count = 0;

	append(words, &count, &request->clang, 1);
	for (i = 1; i < request->command_count; i += skipped ? skipped : 1) {
		skipped = words_of_output(request->command[i]);
		if (!skipped)
			words[count++] = request->command[i];
	}
	append(words, &count, syntax_words, syntax_count);
	append(words, &count, request->roles, request->role_count);
	job->package = "clang-19";
	start(job, words, 1);
}

static const char *find_object(const struct request *request)
{
	int i;

	for (i = 0; i + 1 < request->command_count; i++)
		if (!strcmp(request->command[i], "-o"))
			return request->command[i + 1];
	return NULL;
}

static int is_compilation(const struct request *request, const struct sparse_flags *flags)
{
	int i;

	for (i = 0; i < request->command_count; i++)
		if (!strcmp(request->command[i], "-c"))
			return flags->source_count == 1;
	return 0;
}

static void note_source(const char *object, const char *source)
{
	char *path = allocate(strlen(object) + sizeof(".source"), 1);
	char *whole = realpath(source, NULL);
	FILE *file;

	sprintf(path, "%s.source", object);
	file = fopen(path, "w");
	if (!whole || !file || fprintf(file, "%s\n", whole) < 0 || fclose(file))
		fail("cannot write ", path);
	free(whole);
	free(path);
}

static int worst(int left, int right)
{
	return left > right ? left : right;
}

int main(int argc, char **argv)
{
	struct job compiler = {0}, sparse = {0}, capflow = {0}, roles = {0};
	struct sparse_flags flags;
	struct request request;
	const char *object;
	int compiled, checked;

	read_request(&request, argc, argv);
	if (!translate_flags(&flags, argv[0], request.command_count - 1, request.command + 1))
		fail("out of memory", "");
	if (request.only_sparse) {
		if (flags.source_count != 1)
			fail("the command names no C file, or several", "");
		start_sparse(&sparse, &flags);
		return finish(&sparse);
	}
	if (!is_compilation(&request, &flags)) {
		execvp(request.command[0], request.command);
		fail(request.command[0], ": cannot be run");
	}

	object = find_object(&request);
	if (object)
		note_source(object, flags.sources[0]);
	start_compiler(&compiler, &request);
	start_sparse(&sparse, &flags);
	start_capflow(&capflow, &request);
	if (request.clang)
		start_roles(&roles, &request);
	compiled = finish(&compiler);
	checked = finish(&sparse);
	checked = worst(checked, finish(&capflow));
	if (request.clang)
		checked = worst(checked, finish(&roles));
	if (compiled)
		return compiled;
	if (!checked)
		return 0;
	/* An object that stays would satisfy the next build. */
	if (object && unlink(object) && errno != ENOENT)
		fail("cannot remove ", object);
	return checked;
}
