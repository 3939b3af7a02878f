/* SPDX-License-Identifier: MIT */
#include "../corpus.h"

void clear(struct link *link, int choice);

void clear(struct link *link, int choice)
{
	struct link zero = {.unit = choice};

	if (choice > 2)
		*link = zero;
}
