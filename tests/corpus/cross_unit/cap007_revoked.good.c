/* SPDX-License-Identifier: MIT */
#include "../corpus.h"

int finish(CAP(net_access) net, int choice);

int finish(CAP(net_access) net, int choice)
{
	choice = net_transmit(net, choice);
	return choice;
}
