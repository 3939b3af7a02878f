/* SPDX-License-Identifier: MIT */
#include "door.h"

#include <aramid/cap_host.h>
#include <stdio.h>

int main(void)
{
	CAP(door_open) cap;
	cap_owner_t before;

	if (!cap_init())
		return 1;
	cap = cap_mint(door_open, 1);
	cap_wield(door_open, cap);
	before = cap_enter(1);
	door_set(cap, true);
	printf("%s\n", porter_looks(cap_attenuate(door_look, door_open, cap)) ? "open" : "shut");
	cap_leave(before);
	return 0;
}
