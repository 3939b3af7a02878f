/* SPDX-License-Identifier: MIT
 *
 * One look at each operation's answer.
 */
#include <stddef.h>

#include <kernel/block/block_answers.h>
#include <kernel/boundary/answer.h>

const char *block_attach_fault(long result, const uint64_t *arguments)
{
	const struct block_info *info = (const struct block_info *)arguments[1];

	if (result != 0)
		return answer_plain_fault(result);
	if (info->size % BLOCK_SECTOR || (int64_t)info->size < 0)
		return "its device cannot be so large";
	/* Sectors of a range are counted in 32 bits. */
	return info->discard_max / BLOCK_SECTOR <= UINT32_MAX ? NULL : "it cannot discard so much";
}

const char *block_submit_fault(long result, const uint64_t *arguments)
{
	(void)arguments;
	return answer_plain_fault(result);
}

const char *block_collect_fault(long result, const uint64_t *arguments)
{
	const struct block_answer *answers = (const struct block_answer *)arguments[1];
	const char *fault = answer_count_fault(result, arguments[2] / sizeof(*answers));

	for (long i = 0; !fault && i < result; i++)
		fault = answer_plain_fault(answers[i].result);
	return fault;
}
