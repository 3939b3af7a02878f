/* SPDX-License-Identifier: MIT */
#include "../corpus.h"

int finish(CAP(net_access) net, int choice);

int finish(CAP(net_access) net, int choice)
{
	choice = net_transmit(net, choice);
	if (choice > 7)
		cap_revoke_one(net_access, net);
	return choice;
}
