/* SPDX-License-Identifier: MIT
 *
 * Names that were looked up before they change: what is there, and what is not, is known anew at
 * once. In the guest the core remembers both.
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "contract.h"

#define MANY   700 /* more than the guest's core remembers */
#define ROUNDS 300

CASE(names_that_were_missing_appear)
{
	SHOW(access("a", F_OK));
	SHOW(close(open("a", O_CREAT | O_EXCL | O_WRONLY, 0600)));
	SHOW(access("a", F_OK));
	SHOW(access("d", F_OK));
	SHOW(mkdir("d", 0700));
	SHOW(access("d", F_OK));
	SHOW(access("l", F_OK));
	SHOW(symlink("a", "l"));
	SHOW(access("l", F_OK));
	SHOW(access("h", F_OK));
	SHOW(link("a", "h"));
	SHOW(access("h", F_OK));
	SHOW(access("p", F_OK));
	SHOW(mkfifo("p", 0600));
	SHOW(access("p", F_OK));
}

CASE(names_that_were_there_go)
{
	struct stat st;

	make_file("a", "text");
	SHOW(link("a", "h"));
	SHOW(mkdir("d", 0700));
	SHOW(access("a", F_OK));
	SHOW(access("h", F_OK));
	SHOW(unlink("a"));
	SHOW(access("a", F_OK));
	SHOW(stat("h", &st));
	SAY("links %lu", (unsigned long)st.st_nlink);
	SHOW(unlink("h"));
	SHOW(access("h", F_OK));
	SHOW(access("d/x", F_OK));
	SHOW(rmdir("d"));
	SHOW(access("d", F_OK));
	SHOW(access("d/x", F_OK));
	SHOW(mkdir("d", 0700));
	SHOW(access("d/x", F_OK));
	make_file("d/x", "new");
	SHOW(access("d/x", F_OK));
}

static ino_t number_of(const char *name)
{
	struct stat st;

	return stat(name, &st) == 0 ? st.st_ino : 0;
}

CASE(names_move)
{
	ino_t a, b;

	make_file("a", "a");
	make_file("b", "b");
	SHOW(mkdir("d", 0700));
	SHOW(mkdir("e", 0700));
	make_file("d/f", "f");
	SHOW(access("d/f", F_OK));
	SHOW(access("e/g/f", F_OK));
	a = number_of("a");
	b = number_of("b");
	SHOW(rename("a", "c"));
	SHOW(number_of("c") == a && number_of("a") == 0);
	SHOW(rename("c", "b"));
	SHOW(number_of("b") == a && number_of("b") != b && number_of("c") == 0);
	SHOW(rename("d", "e/g"));
	SHOW(access("d/f", F_OK));
	SHOW(access("d", F_OK));
	SHOW(access("e/g/f", F_OK));
	SHOW(number_of("e/g/..") == number_of("e"));
	SHOW(rename("e/g", "d"));
	SHOW(access("e/g/f", F_OK));
	SHOW(number_of("d/..") == number_of("."));
	SHOW(rename("nothing", "b"));
	SHOW(number_of("b") == a);
}

CASE(a_change_of_rights_holds_for_names_that_were_looked_up)
{
	SHOW(mkdir("d", 0700));
	make_file("d/f", "f");
	SHOW(access("d/f", R_OK));
	SHOW(access("d/none", F_OK));
	SHOW(chmod("d", 0));
	SHOW(access("d/f", R_OK));
	SHOW(access("d/none", F_OK));
	SHOW(chmod("d", 0700));
	SHOW(chmod("d/f", 0));
	SHOW(access("d/f", R_OK));
	SHOW(open("d/f", O_RDONLY));
	SHOW(chmod("d/f", 0400));
	SHOW(access("d/f", R_OK));
	SHOW(chmod("d", 0500));
	SHOW(unlink("d/f"));
	SHOW(access("d/f", F_OK));
	SHOW(chmod("d", 0700));
	SHOW(unlink("d/f"));
	SHOW(access("d/f", F_OK));
}

CASE(attributes_of_a_directory_follow_its_names)
{
	struct stat st;

	SHOW(mkdir("d", 0700));
	SHOW(mkdir("d/e", 0700));
	SHOW(stat("d", &st));
	SAY("links %lu", (unsigned long)st.st_nlink);
	SHOW(rmdir("d/e"));
	SHOW(stat("d", &st));
	SAY("links %lu", (unsigned long)st.st_nlink);
}

CASE(many_names_are_told_apart)
{
	unsigned int wrong = 0;
	char name[80];

	for (int round = 0; round < 2; round++)
		for (int i = 0; i < MANY; i++) {
			/* Short ones, and ones too long to be remembered. */
			snprintf(name, sizeof(name), "%0*d", i % 3 == 0 ? 60 : 3, i);
			wrong += access(name, F_OK) != (round ? 0 : -1);
			if (round == 0)
				close(open(name, O_CREAT | O_WRONLY, 0600));
			else if (i % 2)
				unlink(name);
		}
	for (int i = 0; i < MANY; i++) {
		snprintf(name, sizeof(name), "%0*d", i % 3 == 0 ? 60 : 3, i);
		wrong += access(name, F_OK) != (i % 2 ? -1 : 0);
	}
	SAY("%u wrong", wrong);
}

/* A token goes back and forth; whoever has it changes the name, and the other must see that. */
static void take_turns(volatile int *turn, int mine, unsigned int *wrong)
{
	for (int round = 0; round < ROUNDS; round++) {
		while (*turn != mine)
			usleep(0);
		/* One makes it, the other one takes it away. */
		*wrong += access("shared", F_OK) != (mine ? 0 : -1);
		if (mine)
			unlink("shared");
		else
			close(open("shared", O_CREAT | O_EXCL | O_WRONLY, 0600));
		*wrong += access("shared", F_OK) != (mine ? -1 : 0);
		*turn = !mine;
	}
}

CASE(what_one_process_changes_the_other_finds)
{
	struct shared {
		volatile int turn;
		unsigned int wrong[2];
	} *shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child = fork();

	if (child == 0) {
		take_turns(&shared->turn, 1, &shared->wrong[1]);
		_exit(0);
	}
	take_turns(&shared->turn, 0, &shared->wrong[0]);
	waitpid(child, NULL, 0);
	SAY("%u and %u wrong", shared->wrong[0], shared->wrong[1]);
}
