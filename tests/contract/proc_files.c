/* SPDX-License-Identifier: MIT
 *
 * What a process reads of itself in /proc (proc(5)): the lines that do not differ from run to run.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "contract.h"

/* The lines of a file that begin with one of these words. */
static void show_lines(const char *path, const char *const *words)
{
	FILE *file = fopen(path, "r");
	char line[256];

	while (file && fgets(line, sizeof(line), file))
		for (const char *const *word = words; *word; word++)
			if (strncmp(line, *word, strlen(*word)) == 0)
				printf("%s", line);
	if (file)
		fclose(file);
	else
		SAY("%s: errno %d", path, errno);
}

CASE(proc_status_tells_who_it_is)
{
	static const char *const words[] = {
	        "Uid:",        "Gid:",     "CapInh:", "CapPrm:", "CapEff:", "Umask:",
	        "NoNewPrivs:", "Threads:", "Name:",   "State:",  NULL};

	show_lines("/proc/self/status", words);
}

CASE(proc_status_tells_of_signals)
{
	static const char *const words[] = {
	        "SigPnd:", "ShdPnd:", "SigBlk:", "SigIgn:", "SigCgt:", NULL};
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGINT, SIG_DFL); /* whatever the shell had */
	signal(SIGQUIT, SIG_DFL);
	signal(SIGHUP, SIG_IGN);
	catch_signal(SIGTERM, 0);
	kill(getpid(), SIGUSR1);
	syscall(SYS_tkill, getpid(), SIGUSR2);
	show_lines("/proc/self/status", words);
}

CASE(proc_limits)
{
	static const char *const words[] = {"Limit",        "Max open files",     "Max file size",
	                                    "Max cpu time", "Max core file size", NULL};
	const struct rlimit files = {10, 20}, size = {4096, RLIM_INFINITY}, core = {0, 0};

	setrlimit(RLIMIT_NOFILE, &files);
	setrlimit(RLIMIT_FSIZE, &size);
	setrlimit(RLIMIT_CORE, &core);
	show_lines("/proc/self/limits", words);
}
