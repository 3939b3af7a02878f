/* SPDX-License-Identifier: MIT */
#include "../corpus.h"

int fill(struct link *link, CAP(net_access) net, int unit);

int fill(struct link *link, CAP(net_access) net, int unit)
{
	link->unit = unit;
	if (unit > 2)
		return -1;
	link->net = net;
	return 0;
}
