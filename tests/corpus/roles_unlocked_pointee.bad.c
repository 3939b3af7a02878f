/* SPDX-License-Identifier: MIT */
#include "corpus.h"

static int frames[4];

struct ring {
	struct lock lock;
	int *frames PT_GUARDED_BY(&lock);
};

static int first(struct ring *ring)
{
	int frame;

	frame = *ring->frames;
	lock_take(&ring->lock);
	lock_drop(&ring->lock);
	return frame;
}

int run(CAP(net_access) net, CAP(block_access) block, struct machine *machine, int choice)
{
	struct ring ring = {.frames = frames};

	(void)net, (void)block, (void)machine, (void)choice;
	return first(&ring);
}

/*
 * check-name: what a field points to is read without its lock
 * check-expect: 15 -Wthread-safety-analysis
 */
