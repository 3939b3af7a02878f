/* SPDX-License-Identifier: MIT */
#include "door.h"

bool porter_looks(CAP(door_look) cap)
{
	cap_wield(door_look, cap);
	return door_is_open(cap);
}
