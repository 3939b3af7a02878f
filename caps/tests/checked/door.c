/* SPDX-License-Identifier: MIT */
#include "door.h"

static bool door;

void door_set(CAP(door_open) cap, bool open)
{
	CAP_OPERATION();
	cap_validate(door_open, cap);
	door = open;
}

bool door_is_open(CAP(door_look) cap)
{
	CAP_OPERATION();
	cap_validate(door_look, cap);
	return door;
}
