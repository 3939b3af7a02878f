/* SPDX-License-Identifier: MIT
 *
 * The carrier, and what is done with it. lwIP is not seen here.
 */
#include <kernel/boundary/core_calls.h>
#include <services/inet/inet.h>
#include <services/inet/stack.h>

static struct inet_rights inet_rights;

int inet_init(const struct protocol_rights *rights)
{
	inet_rights.net = rights->net;
	return inet_stack_start();
}

int inet_frame_send(uint32_t interface, const void *bytes, uint64_t size)
{
	return core_frame_send(inet_rights.net, interface, bytes, size);
}

int inet_frame_receive(uint32_t interface, void *bytes, uint64_t size)
{
	return core_frame_receive(inet_rights.net, interface, bytes, size);
}
