/* SPDX-License-Identifier: MIT
 *
 * What the compiler calls when a function's canary changed.
 */
#include <kernel/log/log.h>

_Noreturn void __stack_chk_fail(void);

_Noreturn void __stack_chk_fail(void)
{
	panic("the stack canary was overwritten");
}
