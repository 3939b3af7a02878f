/* SPDX-License-Identifier: MIT */
#include "corpus.h"

typedef void (*handler_t)(int signal);

handler_t signal(int number, handler_t handler);

static struct link armed;

static void on_alarm(int number)
{
	(void)net_transmit(armed.net, number);
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	armed.unit = choice;
	return signal(choice, on_alarm) != NULL;
}

/*
 * check-name: a signal handler reads a static carrier that nobody filled
 * check-expect: 12 CAP001
 */
