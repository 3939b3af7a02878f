/* SPDX-License-Identifier: MIT
 *
 * The table's state. A program starts with an empty table: all zero is sound.
 */
#include "table.h"

struct cap_entry cap_table[CAP_TABLE_SLOTS];
struct cap_table_lock cap_table_lock;
struct cap_counters cap_counters;
uint32_t cap_next_slot;
