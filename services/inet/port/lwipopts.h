/* SPDX-License-Identifier: MIT
 *
 * lwIP as inet has it (lwip/opt.h): without threads of its own, since a service is called; with
 * memory of the service's (docs/decisions/0025).
 */
#pragma once

#define NO_SYS               1
#define SYS_LIGHTWEIGHT_PROT 0 /* one call at a time is in the service */
#define LWIP_NETCONN         0
#define LWIP_SOCKET          0
#define LWIP_TIMERS          1

/* Memory: all of it is from one piece of the service's heap, which lwIP gives out. */
extern void *inet_heap;
#define MEM_ALIGNMENT         8
#define INET_HEAP_SIZE        (2u << 20)
#define MEM_SIZE              (INET_HEAP_SIZE - 256u) /* and what the heap keeps of it itself */
#define LWIP_RAM_HEAP_POINTER inet_heap
#define MEMP_MEM_MALLOC       1
#define PBUF_POOL_BUFSIZE     1536 /* a frame */

/* Protocols. */
#define LWIP_ETHERNET      1
#define LWIP_ARP           1
#define ARP_QUEUEING       1
#define LWIP_IPV4          1
#define LWIP_IPV6          0
#define LWIP_ICMP          1
#define LWIP_RAW           1
#define LWIP_UDP           1
#define LWIP_TCP           1
#define LWIP_DHCP          1
#define LWIP_DNS           0
#define LWIP_IGMP          0
#define LWIP_AUTOIP        0
#define LWIP_STATS         0
#define IP_REASSEMBLY      1
#define IP_FRAG            1
#define IP_REASS_MAX_PBUFS 64
/* QEMU's network gives an address to one machine. */
#define DHCP_DOES_ARP_CHECK 0

/* Loopback: packets wait in the interface until netif_poll takes them. */
#define LWIP_HAVE_LOOPIF           1
#define LWIP_NETIF_LOOPBACK        1
#define LWIP_LOOPBACK_MAX_PBUFS    256
#define LWIP_NETIF_STATUS_CALLBACK 1
#define LWIP_NETIF_LINK_CALLBACK   0
#define LWIP_NETIF_TX_SINGLE_PBUF  0
#define LWIP_NETIF_HOSTNAME        0

/* TCP. */
#define TCP_MSS               1460
#define LWIP_WND_SCALE        1
#define TCP_RCV_SCALE         2
#define TCP_WND               (64u * 1024)
#define TCP_SND_BUF           (64u * 1024)
#define TCP_SND_QUEUELEN      256
#define TCP_SNDLOWAT          (16u * 1024)
#define TCP_OVERSIZE          TCP_MSS
#define TCP_LISTEN_BACKLOG    1
#define LWIP_TCP_KEEPALIVE    1
#define LWIP_TCP_TIMESTAMPS   0
#define SO_REUSE              1
#define SO_REUSE_RXTOALL      0
#define IP_SOF_BROADCAST      1
#define IP_SOF_BROADCAST_RECV 0

/* What cannot be guessed (RFC 6528): a first sequence number is random, not from the clock. */
#define LWIP_HOOK_TCP_ISN(local, local_port, remote, remote_port) inet_port_random()
