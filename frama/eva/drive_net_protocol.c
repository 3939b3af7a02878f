/* SPDX-License-Identifier: MIT
 *
 * The network protocols for Eva: what holds their right, and what is done with it. What is written on
 * lwIP is not here; it may call these functions with anything, and the object gate sees that it calls
 * no other that needs the right.
 *
 * -DDRIVEN=NAME, and those files of the service that know nothing of lwIP beside this one.
 */
#include "core.h"

#include <services/inet/inet.h>
#include <services/inet/stack.h>

void drive(void);

int inet_stack_start(void)
{
	return any_result();
}

static void call_one(void)
{
	static uint8_t frame[1514];

	any_bytes(frame, sizeof(frame));
	switch (Frama_C_interval(0, 1)) {
	case 0: inet_frame_send((uint32_t)any(), frame, sizeof(frame)); break;
	default: inet_frame_receive((uint32_t)any(), frame, sizeof(frame)); break;
	}
}

void drive(void)
{
	struct protocol_rights rights;

	rights.net.model = GENUINE_net_access;
	if (OF(init)(&rights))
		return;
	while (goes_on())
		call_one();
}
