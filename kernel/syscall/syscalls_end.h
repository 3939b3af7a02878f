/* SPDX-License-Identifier: MIT
 *
 * Closes an expansion of syscalls.def: included after each, so no guard.
 */
#undef SYSCALL0
#undef SYSCALL1
#undef SYSCALL2
#undef SYSCALL3
#undef SYSCALL4
#undef SYSCALL5
#undef SYSCALL6
