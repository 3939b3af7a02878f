/* SPDX-License-Identifier: MIT
 *
 * Contract cases: each is run on Linux and in the guest, by the same program, and must say the
 * same on both. A case runs as a process of its own, without rights, in an empty directory that
 * is removed behind it; its descriptors are 0, 1 and 2. It says what it sees with SHOW and SAY,
 * and nothing that may differ between two runs on Linux: times, addresses, process ids.
 */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

struct contract_case {
	const char *name;
	void (*run)(void);
};

/* CASE(name) { ... } */
#define CASE(name_)                                                                                \
	static void name_(void);                                                                   \
	static const struct contract_case case_##name_                                             \
	        __attribute__((section("contract_cases"), used)) = {#name_, name_};                \
	static void name_(void)

/* A call as written, its result, and its error's name when it is -1. */
#define SHOW(call) show(#call, (errno = 0, (long)(call)))
void show(const char *text, long result);

#define SAY(...) (printf(__VA_ARGS__), (void)putchar('\n'))

/* Time passes; so many milliseconds since some point. */
void rest(unsigned int milliseconds);
long now_ms(void);

/* A handler for a signal that only counts. */
extern volatile int signals_caught;
void catch_signal(int number, int flags);

/* After so many milliseconds this signal comes to the case's process. */
void signal_later(int number, unsigned int milliseconds);

/* A new file with this text, open for reading and writing at its start. */
int make_file(const char *name, const char *text);

/* What poll(2) says of a descriptor right now, of these events. */
long poll_now(int fd, short events);
