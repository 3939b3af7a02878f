/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int file_send(CAP(net_access) net, int frame);

int file_send(CAP(net_access) net, int frame)
{
	return net_transmit(net, frame);
}

int file_send_again(CAP(net_access) net, int frame);

int file_send_again(CAP(net_access) net, int frame)
{
	return file_send(net, frame);
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return file_send_again(net, choice);
}

/*
 * check-name: an alias has a privileged function of its file without its token
 * check-expect: nothing
 */
