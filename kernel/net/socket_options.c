/* SPDX-License-Identifier: MIT
 *
 * Options of all sockets (socket(7), "Socket options"): some are on or off, the others have a row
 * of the table.
 */
#include <asm/socket.h>
#include <linux/capability.h>
#include <linux/time_types.h>

#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/net/socket.h>
#include <kernel/proc/process.h>
#include <kernel/time/time.h>

#define BIT(option) (1u << (option))

/* Those that mean nothing to a family are kept as well, as Linux keeps them. */
#define SWITCHES                                                                                   \
	(BIT(SO_DEBUG) | BIT(SO_REUSEADDR) | BIT(SO_DONTROUTE) | BIT(SO_BROADCAST) |               \
	 BIT(SO_KEEPALIVE) | BIT(SO_OOBINLINE) | BIT(SO_REUSEPORT) | BIT(SO_PASSCRED))
#define OPTIONS_IN_A_WORD 32

/* Linux' SOCK_MIN_SNDBUF and SOCK_MIN_RCVBUF, and what net.core.wmem_max and rmem_max are there. */
#define SEND_LIMIT_LEAST    4608u
#define RECEIVE_LIMIT_LEAST 2304u
#define LIMIT_MOST          212992u

#define PRIORITY_MOST 6 /* without rights */
#define US_PER_SECOND 1000000
#define NS_PER_US     1000u

/* As twice what was asked for, for the sake of what the kernel adds to each message. */
static uint32_t buffer_limit(int value, uint32_t least)
{
	uint32_t wanted = value < 0 || (uint32_t)value > LIMIT_MOST ? LIMIT_MOST : (uint32_t)value;

	return 2 * wanted > least ? 2 * wanted : least;
}

static int set_send_limit(struct socket *socket, const void *value)
{
	int wanted = *(const int *)value;

	socket->send_limit = buffer_limit(wanted, SEND_LIMIT_LEAST);
	wake_all(&socket->queue);
	return 0;
}

static int set_receive_limit(struct socket *socket, const void *value)
{
	int wanted = *(const int *)value;

	socket->receive_limit = buffer_limit(wanted, RECEIVE_LIMIT_LEAST);
	return 0;
}

static int read_timeout(const struct __kernel_old_timeval *time, uint64_t *timeout)
{
	if (time->tv_usec < 0 || time->tv_usec >= US_PER_SECOND)
		return -EDOM;
	if (time->tv_sec < 0)
		*timeout = 0;
	else if ((time->tv_sec == 0 && time->tv_usec == 0) ||
	         (uint64_t)time->tv_sec >= WAIT_FOREVER / NS_PER_SECOND / 2)
		*timeout = WAIT_FOREVER;
	else
		*timeout = (uint64_t)time->tv_sec * NS_PER_SECOND +
		           (uint64_t)time->tv_usec * NS_PER_US;
	return 0;
}

static int set_send_timeout(struct socket *socket, const void *value)
{
	return read_timeout(value, &socket->send_timeout);
}

static int set_receive_timeout(struct socket *socket, const void *value)
{
	return read_timeout(value, &socket->receive_timeout);
}

static int set_receive_least(struct socket *socket, const void *value)
{
	int wanted = *(const int *)value;

	socket->receive_least = wanted < 0 ? INT32_MAX : wanted ? wanted : 1;
	return 0;
}

static int set_priority(struct socket *socket, const void *value)
{
	int wanted = *(const int *)value;

	if ((wanted < 0 || wanted > PRIORITY_MOST) && !process_is_capable(CAP_NET_ADMIN))
		return -EPERM;
	socket->priority = wanted;
	return 0;
}

/* struct linger. */
struct linger {
	int on, seconds;
};

static int set_linger(struct socket *socket, const void *value)
{
	const struct linger *wanted = value;

	socket->linger = wanted->on ? wanted->seconds & INT32_MAX : -1;
	return 0;
}

static void put_int(void *value, int64_t number)
{
	*(int *)value = (int)number;
}

static void put_timeout(void *value, uint64_t timeout)
{
	struct __kernel_old_timeval *time = value;

	*time = (struct __kernel_old_timeval){0};
	if (timeout != WAIT_FOREVER) {
		time->tv_sec = (int64_t)(timeout / NS_PER_SECOND);
		time->tv_usec = (int64_t)(timeout % NS_PER_SECOND / NS_PER_US);
	}
}

static void get_send_limit(struct socket *socket, void *value)
{
	put_int(value, socket->send_limit);
}

static void get_receive_limit(struct socket *socket, void *value)
{
	put_int(value, socket->receive_limit);
}

static void get_send_timeout(struct socket *socket, void *value)
{
	put_timeout(value, socket->send_timeout);
}

static void get_receive_timeout(struct socket *socket, void *value)
{
	put_timeout(value, socket->receive_timeout);
}

static void get_receive_least(struct socket *socket, void *value)
{
	put_int(value, socket->receive_least);
}

static void get_send_least(struct socket *socket, void *value)
{
	(void)socket;
	put_int(value, 1);
}

static void get_priority(struct socket *socket, void *value)
{
	put_int(value, socket->priority);
}

static void get_linger(struct socket *socket, void *value)
{
	struct linger *linger = value;

	linger->on = socket->linger >= 0;
	linger->seconds = socket->linger >= 0 ? socket->linger : 0;
}

static void get_type(struct socket *socket, void *value)
{
	put_int(value, socket->type);
}

static void get_domain(struct socket *socket, void *value)
{
	put_int(value, socket->family->domain);
}

static void get_protocol(struct socket *socket, void *value)
{
	put_int(value, socket->protocol);
}

static void get_error(struct socket *socket, void *value)
{
	put_int(value, -socket_take_error(socket));
}

static void get_is_listening(struct socket *socket, void *value)
{
	put_int(value, socket->operations->is_listening(socket));
}

static void get_peer_credentials(struct socket *socket, void *value)
{
	*(struct socket_credentials *)value = socket->operations->peer_credentials(socket);
}

/* set NULL: it cannot be set. */
static const struct {
	int option;
	uint32_t size;
	int (*set)(struct socket *socket, const void *value);
	void (*get)(struct socket *socket, void *value);
} options[] = {
        {SO_TYPE, sizeof(int), NULL, get_type},
        {SO_DOMAIN, sizeof(int), NULL, get_domain},
        {SO_PROTOCOL, sizeof(int), NULL, get_protocol},
        {SO_ERROR, sizeof(int), NULL, get_error},
        {SO_ACCEPTCONN, sizeof(int), NULL, get_is_listening},
        {SO_PEERCRED, sizeof(struct socket_credentials), NULL, get_peer_credentials},
        {SO_SNDBUF, sizeof(int), set_send_limit, get_send_limit},
        {SO_RCVBUF, sizeof(int), set_receive_limit, get_receive_limit},
        {SO_SNDTIMEO_OLD, sizeof(struct __kernel_old_timeval), set_send_timeout, get_send_timeout},
        {SO_RCVTIMEO_OLD, sizeof(struct __kernel_old_timeval), set_receive_timeout,
         get_receive_timeout},
        {SO_RCVLOWAT, sizeof(int), set_receive_least, get_receive_least},
        {SO_SNDLOWAT, sizeof(int), NULL, get_send_least},
        {SO_PRIORITY, sizeof(int), set_priority, get_priority},
        {SO_LINGER, sizeof(struct linger), set_linger, get_linger},
};

static bool is_switch(int option)
{
	return option >= 0 && option < OPTIONS_IN_A_WORD && (SWITCHES & BIT(option));
}

static int set_switch(struct socket *socket, int option, int value)
{
	if (option == SO_DEBUG && value && !process_is_capable(CAP_NET_ADMIN))
		return -EACCES;
	if (value)
		__atomic_fetch_or(&socket->switches, BIT(option), __ATOMIC_RELAXED);
	else
		__atomic_fetch_and(&socket->switches, ~BIT(option), __ATOMIC_RELAXED);
	if (socket->operations->switched)
		socket->operations->switched(socket);
	return 0;
}

int socket_set_option(struct socket *socket, int option, const void *value, uint32_t size)
{
	if (size < sizeof(int))
		return -EINVAL;
	if (is_switch(option))
		return set_switch(socket, option, *(const int *)value);
	for (unsigned int i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (options[i].option != option || !options[i].set)
			continue;
		return size < options[i].size ? -EINVAL : options[i].set(socket, value);
	}
	return -ENOPROTOOPT;
}

long socket_get_option(struct socket *socket, int option, void *value)
{
	if (is_switch(option)) {
		put_int(value, socket_has_switch(socket, option));
		return sizeof(int);
	}
	for (unsigned int i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (options[i].option != option)
			continue;
		options[i].get(socket, value);
		return options[i].size;
	}
	return -ENOPROTOOPT;
}
