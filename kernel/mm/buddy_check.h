/* SPDX-License-Identifier: MIT */
#pragma once

#include <kernel/mm/buddy.h>

/* The invariant of buddy.c, for a buddy whose tree's words are readable as far as it says. */
bool buddy_is_sound(const struct buddy *buddy);
