/* SPDX-License-Identifier: MIT
 *
 * What lwIP asks of a compiler and a platform (lwip/arch.h): all that it calls of ours is
 * inet_port_*.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

_Noreturn void inet_port_assert(const char *message);
uint32_t inet_port_random(void);
int inet_port_number(const char *text);

#define LWIP_PLATFORM_ASSERT(message) inet_port_assert(message)
#define LWIP_PLATFORM_DIAG(words)     ((void)0)
#define LWIP_RAND()                   inet_port_random()
#define LWIP_NO_CTYPE_H               1
#define LWIP_NO_UNISTD_H              1
/* unistd.h is not read, and arch.h is not to make one up. */
typedef __INTPTR_TYPE__ ssize_t;
#define SSIZE_MAX INTPTR_MAX
/* netif_find reads the digits behind a name with it. */
#define atoi inet_port_number
