/* SPDX-License-Identifier: MIT */
#include "corpus.h"

struct disk {
	int unit;
	CAP(block_access) block;
};

void *memcpy(void *to, const void *from, size_t size);

int message_take(const char *message, int choice);

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	(void)net, (void)block, (void)machine, (void)choice;
	char message[sizeof(struct disk)] = "";
	struct disk disk = {choice, block};

	choice = message_take(message, choice);
	memcpy(&disk, message, sizeof(disk));
	return block_write(disk.block, choice);
}

/*
 * check-name: a message's bytes become a token
 * check-expect: 20 CAP004
 */
