/* SPDX-License-Identifier: MIT
 *
 * The core's entry: called by arch/x86_64/boot/pvh.S on the boot stack.
 */
#pragma once

_Noreturn void kernel_main(void);
