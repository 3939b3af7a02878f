/* SPDX-License-Identifier: MIT
 *
 * The stress mix: actors, each a process that does one thing over and over until its time is up,
 * and checks what it sees.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

/* The actor's process ends with status 1: what it saw must not be. */
#define MUST(condition)                                                                            \
	do {                                                                                       \
		if (!(condition)) {                                                                \
			printf("wrong: %s:%d: %s (errno %d)\n", __FILE_NAME__, __LINE__,           \
			       #condition, errno);                                                 \
			exit(1);                                                                   \
		}                                                                                  \
	} while (0)

bool time_is_up(void);
unsigned int random_number(unsigned int limit);

/* Each returns how many rounds it did. */
unsigned long fork_storm(void);
unsigned long map_churn(void);
unsigned long signal_storm(void);
unsigned long pipe_stream(void);
unsigned long thread_storm(void);
unsigned long file_churn(void);
unsigned long fall_often(void); /* makes a service fall, and sees an EIO each time */
