/* SPDX-License-Identifier: MIT
 *
 * The network protocols at work: the core has the service work when frames have arrived and when
 * its timers are due.
 */
#pragma once

/* After services have started, and before interfaces. */
void protocol_start(void);

/* Frames may have arrived. May sleep. */
void protocol_take_arrived(void);
