/* SPDX-License-Identifier: MIT
 *
 * Pointers into user memory. Sparse refuses to dereference a __user pointer and to mix it with
 * a kernel pointer; only the core's copy functions turn one into an address, with __force. The
 * compilers see plain pointers.
 */
#pragma once

#ifdef __CHECKER__
#define __user  __attribute__((noderef, address_space(__user)))
#define __force __attribute__((force))
#else
#define __user
#define __force
#endif
