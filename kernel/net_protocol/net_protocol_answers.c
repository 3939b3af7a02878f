/* SPDX-License-Identifier: MIT
 *
 * One look at each operation's answer.
 */
#include <stddef.h>

#include <kernel/boundary/answer.h>
#include <kernel/net_protocol/net_protocol_answers.h>

const char *net_protocol_work_fault(long result, const uint64_t *arguments)
{
	const struct net_protocol_state *state = (const struct net_protocol_state *)arguments[0];

	if (result != 0)
		return answer_plain_fault(result);
	return state->wait <= NET_PROTOCOL_WAIT_MAX ? NULL : "it wants to sleep for too long";
}

const char *net_protocol_describe_fault(long result, const uint64_t *arguments)
{
	(void)arguments;
	return answer_plain_fault(result);
}
