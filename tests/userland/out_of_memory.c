/* SPDX-License-Identifier: MIT
 *
 * Eats all memory, page by page. Ends by ENOMEM, or is killed: either is an answer.
 */
#include <sys/mman.h>

#include "expect.h"

#define STEP (1 << 20)

int main(void)
{
	for (;;) {
		char *more = mmap(NULL, STEP, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
		                  -1, 0);

		if (more == MAP_FAILED) {
			EXPECT(errno == ENOMEM);
			return expect_result();
		}
		memset(more, 1, STEP);
	}
}
