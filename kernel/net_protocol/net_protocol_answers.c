/* SPDX-License-Identifier: MIT
 *
 * One look at each operation's answer.
 */
#include <stddef.h>

#include <kernel/boundary/answer.h>
#include <kernel/net_protocol/net_protocol_answers.h>

#define STATES   (NET_IS_CONNECTED | NET_IS_WRITABLE | NET_INPUT_ENDED | NET_IS_OVER)
#define PORT_MAX UINT16_MAX

/* Of operations that answer 0 and nothing else. */
#define PLAIN(name)                                                                                \
	const char *net_protocol_##name##_fault(long result, const uint64_t *arguments)            \
	{                                                                                          \
		(void)arguments;                                                                   \
		return answer_plain_fault(result);                                                 \
	}

PLAIN(describe)
PLAIN(open)
PLAIN(take)
PLAIN(configure)
PLAIN(end_output)
PLAIN(close)

static const char *news_fault(const struct net_protocol_news *news)
{
	if (news->socket >= NET_SOCKETS_MAX)
		return "it tells of a socket that cannot be";
	if (news->state & ~STATES || news->error > ANSWER_ERRNO_MAX)
		return "it tells what cannot be of a socket";
	return NULL;
}

const char *net_protocol_work_fault(long result, const uint64_t *arguments)
{
	const struct net_protocol_state *state = (const struct net_protocol_state *)arguments[0];
	const char *fault = NULL;

	if (result != 0)
		return answer_plain_fault(result);
	if (state->wait > NET_PROTOCOL_WAIT_MAX)
		return "it wants to sleep for too long";
	if (state->count > NET_NEWS_MAX)
		return "it tells of too many sockets";
	for (uint64_t i = 0; !fault && i < state->count; i++)
		fault = news_fault(&state->news[i]);
	return fault;
}

/* It answers 0, and a name that has a port. */
static const char *name_fault(long result, const struct net_name *name)
{
	if (result != 0)
		return answer_plain_fault(result);
	return name->port > 0 && name->port <= PORT_MAX ? NULL : "there is no such port";
}

const char *net_protocol_bind_fault(long result, const uint64_t *arguments)
{
	return name_fault(result, (const struct net_name *)arguments[1]);
}

const char *net_protocol_listen_fault(long result, const uint64_t *arguments)
{
	return name_fault(result, (const struct net_name *)arguments[2]);
}

const char *net_protocol_connect_fault(long result, const uint64_t *arguments)
{
	return name_fault(result, (const struct net_name *)arguments[2]);
}

const char *net_protocol_accept_fault(long result, const uint64_t *arguments)
{
	const struct net_names *names = (const struct net_names *)arguments[2];
	const char *fault = name_fault(result, &names->local);

	return fault ? fault : name_fault(result, &names->remote);
}

/* Nothing is sent with an error alone: who sends would try again for ever. */
const char *net_protocol_send_fault(long result, const uint64_t *arguments)
{
	if (result == 0)
		return "it sent nothing, and does not say why";
	return answer_count_fault(result, arguments[2]);
}

const char *net_protocol_receive_fault(long result, const uint64_t *arguments)
{
	return answer_count_fault(result, arguments[3]);
}
