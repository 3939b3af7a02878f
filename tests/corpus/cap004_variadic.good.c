/* SPDX-License-Identifier: MIT */
#include "corpus.h"

#include <stdarg.h>

static int forward(CAP(net_access) net, int count, ...)
{
	CAP(net_access) found = net;
	va_list list;

	va_start(list, count);
	count = va_arg(list, int);
	va_end(list);
	return net_transmit(found, count);
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return forward(net, choice, choice);
}

/*
 * check-name: a token is fetched from variable arguments
 * check-expect: nothing
 */
