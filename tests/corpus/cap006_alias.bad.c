/* SPDX-License-Identifier: MIT */
#include "corpus.h"

int file_send(CAP(net_access) net, int frame);

int file_send(CAP(net_access) net, int frame)
{
	return net_transmit(net, frame);
}

int file_send_again(int frame) __attribute__((alias("file_send")));

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	return file_send_again(choice);
}

/*
 * check-name: an alias has a privileged function of its file without its token
 * check-expect: 11 CAP006
 */
