/* SPDX-License-Identifier: MIT
 *
 * The operations.
 */
#include <lwip/netif.h>
#include <lwip/timeouts.h>
#include <services/inet/inet.h>
#include <services/inet/socket.h>

/* lwIP's own timers need it no more often when none is set. */
#define WAIT_MAX 250u /* ms */

long inet_work(struct net_protocol_state *state)
{
	uint32_t wait;
	bool more;

	inet_interfaces_look();
	more = inet_interfaces_read();
	sys_check_timeouts();
	netif_poll_all();
	inet_sockets_retry();
	more |= inet_sockets_tell(state);
	wait = sys_timeouts_sleeptime();
	state->wait = more ? 0 : wait < WAIT_MAX ? wait : WAIT_MAX;
	state->changes = inet_interfaces_changes();
	return 0;
}

long inet_describe(uint64_t interface, struct net_address *address)
{
	return inet_interface_address((uint32_t)interface, address);
}

#define NET_PROTOCOL_SERVICE inet
#include <kernel/net_protocol/net_protocol_ops_table.h>
