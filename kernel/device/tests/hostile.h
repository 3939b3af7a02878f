/* SPDX-License-Identifier: MIT
 *
 * A block or network device that need not be one: it answers as the seed says. What it was lent and
 * has not given back, by its own word or by stopping, it holds: nobody else may get that memory.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <arch/page.h>

#define HOSTILE_DISK_SIZE (256u << 10)

extern uint8_t hostile_disk[HOSTILE_DISK_SIZE];
/* Whether its line is listened to. */
extern bool hostile_is_admitted;

/* Of the program: a number below `below`; whether something of so many per mille happens. */
uint32_t roll(uint32_t below);
bool chance(uint32_t per_mille);

/* Of the program: a frame goes out; one comes in, its size. */
void wire_sent(const uint8_t *bytes, uint32_t size);
uint32_t wire_fill(uint8_t *bytes, uint32_t room);

/* Found by devices_find. malice: how many per mille of what it does is wrong; 0: it is a disk, or a
 * network device. */
void hostile_add(uint32_t kind, uint32_t malice);
/* It does something, or nothing. */
void hostile_act(void);
/* Whether it may write this page. */
bool hostile_holds(paddr_t page);
/* Whether it has said that it never stops. */
bool hostile_is_stuck(void);
