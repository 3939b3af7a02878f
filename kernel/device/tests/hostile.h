/* SPDX-License-Identifier: MIT
 *
 * A block device that need not be one: it answers as the seed says. What it was lent and has not
 * given back, by its own word or by stopping, it holds: nobody else may get that memory.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/page.h>

#define HOSTILE_DISK_SIZE (256u << 10)

extern uint8_t hostile_disk[HOSTILE_DISK_SIZE];

/* Of the program: a number below `below`; whether something of so many per mille happens. */
uint32_t roll(uint32_t below);
bool chance(uint32_t per_mille);

/* Found by devices_find. malice: how many per mille of what it does is wrong; 0: it is a disk. */
void hostile_add(uint32_t malice);
/* It does something, or nothing. */
void hostile_act(void);
/* Whether it may write this page. */
bool hostile_holds(paddr_t page);
/* Whether it has said that it never stops. */
bool hostile_is_stuck(void);
