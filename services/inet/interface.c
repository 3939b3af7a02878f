/* SPDX-License-Identifier: MIT
 *
 * Interfaces of the machine as lwIP's network interfaces. Each gets its address by DHCP.
 */
#include <kernel/boundary/core_calls.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <lwip/dhcp.h>
#include <lwip/etharp.h>
#include <lwip/netif.h>
#include <services/inet/inet.h>

#define INTERFACES_MAX 4u
#define FRAME_MAX      1514u
#define MTU            1500
/* Of one call: it must not take too long. */
#define FRAMES_A_CALL 64u

static struct netif interfaces[INTERFACES_MAX];
static uint32_t interface_count;
static uint64_t changes; /* of addresses */

static uint32_t number_of(const struct netif *netif)
{
	return (uint32_t)(netif - interfaces);
}

static err_t send(struct netif *netif, struct pbuf *packet)
{
	static uint8_t frame[FRAME_MAX];
	int error;

	if (packet->tot_len > sizeof(frame))
		return ERR_BUF;
	pbuf_copy_partial(packet, frame, packet->tot_len, 0);
	error = inet_frame_send(number_of(netif), frame, packet->tot_len);
	switch (error) {
	case 0:
		return ERR_OK;
	case -ENOBUFS:
		return ERR_MEM; /* TCP tries again */
	default:
		return ERR_IF;
	}
}

static err_t set_up(struct netif *netif)
{
	netif->name[0] = 'e';
	netif->name[1] = 'n';
	netif->output = etharp_output;
	netif->linkoutput = send;
	netif->mtu = MTU;
	netif->hwaddr_len = ETH_HWADDR_LEN;
	netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET;
	return ERR_OK;
}

/* Its own address is known for good when its link is up for the first time: before lwIP hears that
 * it is, and asks for an address of the network's with it. */
static void follow(struct netif *netif, const struct interface_info *info)
{
	memcpy(netif->hwaddr, info->mac, sizeof(info->mac));
	if (info->link_up && !netif_is_link_up(netif))
		netif_set_link_up(netif);
	else if (!info->link_up && netif_is_link_up(netif))
		netif_set_link_down(netif);
}

static void note_change(struct netif *netif)
{
	(void)netif;
	changes++;
}

static void add(const struct interface_info *info)
{
	struct netif *netif = &interfaces[interface_count];

	if (!netif_add_noaddr(netif, NULL, set_up, netif_input))
		return;
	interface_count++;
	if (!netif_default)
		netif_set_default(netif);
	netif_set_status_callback(netif, note_change);
	follow(netif, info);
	netif_set_up(netif);
	/* Out of memory is the one reason why it may not start; then there is no address. */
	(void)dhcp_start(netif);
}

void inet_interfaces_look(void)
{
	struct interface_info info;

	for (uint32_t i = 0; i < INTERFACES_MAX && core_interface_info(i, &info) == 0; i++) {
		if (i < interface_count)
			follow(&interfaces[i], &info);
		else
			add(&info);
	}
}

/* The next frame of an interface, if there is one and memory for it. */
static bool read(struct netif *netif)
{
	struct pbuf *packet = pbuf_alloc(PBUF_RAW, FRAME_MAX, PBUF_POOL);
	int size;

	if (!packet)
		return false;
	size = inet_frame_receive(number_of(netif), packet->payload, packet->len);
	if (size <= 0) {
		pbuf_free(packet);
		return false;
	}
	pbuf_realloc(packet, (u16_t)size);
	if (netif->input(packet, netif) != ERR_OK)
		pbuf_free(packet);
	return true;
}

bool inet_interfaces_read(void)
{
	bool more = false;

	for (uint32_t i = 0; i < interface_count; i++) {
		uint32_t count = 0;

		while (count < FRAMES_A_CALL && read(&interfaces[i]))
			count++;
		more |= count == FRAMES_A_CALL;
	}
	return more;
}

uint64_t inet_interfaces_changes(void)
{
	return changes;
}

int inet_interface_address(uint32_t interface, struct net_address *address)
{
	const struct netif *netif = &interfaces[interface];

	if (interface >= interface_count)
		return -ENODEV;
	address->address = ip4_addr_get_u32(netif_ip4_addr(netif));
	address->mask = ip4_addr_get_u32(netif_ip4_netmask(netif));
	address->gateway = ip4_addr_get_u32(netif_ip4_gw(netif));
	return 0;
}
