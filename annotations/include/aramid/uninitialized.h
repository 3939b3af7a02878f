/* SPDX-License-Identifier: MIT
 *
 * A local that the compiler does not fill with zeros (-ftrivial-auto-var-init) because it is large,
 * on a path that is often taken, and filled before it is read. The reason says by whom;
 * `./aramid check` counts such locals and prints each with its reason.
 *
 *   char name[256] LEFT_UNINITIALIZED("path_next writes up to its NUL");
 */
#pragma once

#if defined(__CHECKER__) || defined(__FRAMAC__) || !defined(__has_attribute)
#define LEFT_UNINITIALIZED(reason)
#elif __has_attribute(uninitialized)
#define LEFT_UNINITIALIZED(reason) __attribute__((uninitialized))
#else
#define LEFT_UNINITIALIZED(reason)
#endif
