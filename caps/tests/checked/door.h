/* SPDX-License-Identifier: MIT */
#pragma once

#include <aramid/cap.h>

void door_set(CAP(door_open) cap, bool open) NEEDS_RIGHT(door_open);
bool door_is_open(CAP(door_look) cap) NEEDS_RIGHT(door_look);

/* The porter looks; opening is not his. */
bool porter_looks(CAP(door_look) cap);
