/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static struct link table[4];

static struct link make(CAP(net_access) net)
{
	return (struct link){.unit = 1, .net = net};
}

static CAP(net_access) choose(struct link *link, CAP(net_access) other, int choice)
{
	CAP(net_access) found;

	switch (choice) {
	case 0:
		found = link->net;
		break;
	case 1:
		return other;
	default:
		found = make(other).net;
	}
	for (;;) {
		table[choice & 3].net = found;
		if (choice-- < 3)
			return table[choice & 3].net;
		found = choice & 1 ? other : link->net;
	}
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct link kept = make(net), copy = kept, many[2] = {{1, net}, {.net = net}};
	struct machine whole = {.link = {1, net}, .block = block};
	struct machine part = {{1, net}, block};

	(void)net, (void)block, (void)machine, (void)choice;
	net_transmit(choose(&copy, many[1].net, choice), kept.unit);
	block_write(whole.block, choice);
	block_write(part.block, choice);
	return link_send(whole.link, choice) + link_send(make(part.link.net), choice);
}

/*
 * check-name: one field of one carrier is empty among many that are full
 * check-expect: nothing
 */
