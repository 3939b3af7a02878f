/* SPDX-License-Identifier: MIT
 *
 * One look at each operation's answer.
 */
#include <stddef.h>

#include <kernel/boundary/answer.h>
#include <kernel/net_device/net_device_answers.h>

#define GROUP_ADDRESS 1u /* of an address's first byte: it is of many (IEEE 802.3, 3.2.3) */

const char *net_device_attach_fault(long result, const uint64_t *arguments)
{
	const struct net_device_info *info = (const struct net_device_info *)arguments[1];

	if (result != 0)
		return answer_plain_fault(result);
	return info->has_mac && info->mac[0] & GROUP_ADDRESS ? "its device has a group's address"
	                                                     : NULL;
}

const char *net_device_transmit_fault(long result, const uint64_t *arguments)
{
	(void)arguments;
	return answer_plain_fault(result);
}

const char *net_device_refill_fault(long result, const uint64_t *arguments)
{
	(void)arguments;
	return answer_plain_fault(result);
}

const char *net_device_collect_fault(long result, const uint64_t *arguments)
{
	const struct net_device_answer *answers = (const struct net_device_answer *)arguments[1];
	const char *fault = answer_count_fault(result, arguments[2] / sizeof(*answers));

	for (long i = 0; !fault && i < result; i++)
		fault = answer_plain_fault(answers[i].result);
	return fault;
}

const char *net_device_link_fault(long result, const uint64_t *arguments)
{
	(void)arguments;
	return answer_count_fault(result, 1);
}
