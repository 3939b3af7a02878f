/* SPDX-License-Identifier: MIT
 *
 * What Frama-C does not know and the flow of tokens does not need in full: read before each file.
 * Atomic operations are their plain counterparts, since WP knows one thread.
 */
#pragma once
#define __atomic_load_n(p, order) (*(p))
#define __atomic_store_n(p, value, order) ((void)(*(p) = (value)))
#define __atomic_fetch_add(p, value, order)                                                        \
	({ __typeof__(*(p)) old_ = *(p); *(p) += (value); old_; })
#define __atomic_fetch_sub(p, value, order)                                                        \
	({ __typeof__(*(p)) old_ = *(p); *(p) -= (value); old_; })
#define _Noreturn __attribute__((noreturn))
#define __atomic_exchange_n(p, value, order)                                                       \
	({ __typeof__(*(p)) old_ = *(p); *(p) = (value); old_; })
#define __atomic_add_fetch(p, value, order) (*(p) += (value))
#define __atomic_sub_fetch(p, value, order) (*(p) -= (value))
#define __atomic_or_fetch(p, value, order) (*(p) |= (value))
#define __atomic_fetch_or(p, value, order)                                                         \
	({ __typeof__(*(p)) old_ = *(p); *(p) |= (value); old_; })
#define __atomic_fetch_and(p, value, order)                                                        \
	({ __typeof__(*(p)) old_ = *(p); *(p) &= (value); old_; })
#define __atomic_thread_fence(order) ((void)0)
#define __atomic_compare_exchange_n(p, expected, desired, weak, success, failure)                  \
	({                                                                                         \
		_Bool same_ = *(p) == *(expected);                                                 \
		if (same_)                                                                         \
			*(p) = (desired);                                                          \
		else                                                                               \
			*(expected) = *(p);                                                        \
		same_;                                                                             \
	})
#define __builtin_bswap16(value)                                                                   \
	({                                                                                         \
		unsigned short from_ = (value);                                                    \
		(unsigned short)(from_ << 8 | from_ >> 8);                                         \
	})
#define __builtin_bswap32(value)                                                                   \
	({                                                                                         \
		unsigned int from_ = (value);                                                      \
		from_ << 24 | (from_ & 0xff00u) << 8 | (from_ >> 8 & 0xff00u) | from_ >> 24;       \
	})
