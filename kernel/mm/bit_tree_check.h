/* SPDX-License-Identifier: MIT */
#pragma once

#include <kernel/mm/bit_tree.h>

/* The invariant of bit_tree.c, for a tree whose words are readable as far as it says. */
bool bit_tree_is_sound(const struct bit_tree *tree);
