/* SPDX-License-Identifier: MIT
 *
 * Tokens in the profiles that erase them; included by aramid/cap.h. A token is an empty struct:
 * passed by value it takes no register, and every operation is an empty inline function.
 *
 * With ARAMID_MINT_OUT_OF_LINE the mints are declarations: objects compiled so are not linked but
 * read by the object gate, which finds who references a mint.
 */
#pragma once

#include <aramid/cap_link.h>
#include <aramid/cap_mark.h>

#ifdef ARAMID_MINT_OUT_OF_LINE
#define CAP_KIND(name, mint, permits, leak)                                                        \
	__extension__ struct cap_##name {                                                          \
	};                                                                                         \
	struct cap_##name cap_mint_##name(cap_owner_t owner);
#else
#define CAP_KIND(name, mint, permits, leak)                                                        \
	__extension__ struct cap_##name {                                                          \
	};                                                                                         \
	static inline struct cap_##name cap_mint_##name(cap_owner_t owner)                         \
	{                                                                                          \
		struct cap_##name cap;                                                             \
		CAP_MARK_MINT_(name);                                                              \
		(void)owner;                                                                       \
		return cap;                                                                        \
	}
#endif
#include <aramid/cap_kinds.def>

#define CAP_KIND(name, mint, permits, leak)                                                        \
	_Static_assert(sizeof(struct cap_##name) == 0, "an erased token costs nothing");           \
	ARAMID_RIGHT(name);                                                                        \
	static inline bool cap_granted_##name(struct cap_##name cap)                               \
	{                                                                                          \
		(void)cap;                                                                         \
		return true;                                                                       \
	}                                                                                          \
	static inline void cap_validate_##name(struct cap_##name cap) PROVES_RIGHT(name);          \
	static inline void cap_validate_##name(struct cap_##name cap)                              \
	{                                                                                          \
		(void)cap;                                                                         \
	}                                                                                          \
	static inline bool cap_is_valid_##name(struct cap_##name cap)                              \
	{                                                                                          \
		(void)cap;                                                                         \
		return true;                                                                       \
	}                                                                                          \
	static inline void cap_wield_##name(struct cap_##name cap) PROVES_RIGHT(name);             \
	static inline void cap_wield_##name(struct cap_##name cap)                                 \
	{                                                                                          \
		(void)cap;                                                                         \
	}                                                                                          \
	static inline struct cap_##name cap_delegate_##name(struct cap_##name cap,                 \
	                                                    cap_owner_t new_owner)                 \
	{                                                                                          \
		(void)new_owner;                                                                   \
		return cap;                                                                        \
	}                                                                                          \
	static inline void cap_revoke_one_##name(struct cap_##name cap)                            \
	{                                                                                          \
		(void)cap;                                                                         \
	}                                                                                          \
	static inline void cap_revoke_kind_##name(void)                                            \
	{                                                                                          \
	}
#define CAP_EDGE(to, from)                                                                         \
	static inline struct cap_##to cap_attenuate_##to##_from_##from(struct cap_##from cap)      \
	{                                                                                          \
		struct cap_##to weaker;                                                            \
		(void)cap;                                                                         \
		return weaker;                                                                     \
	}
#include <aramid/cap_kinds.def>

static inline bool cap_init(void)
{
	return true;
}

static inline void cap_revoke(cap_owner_t owner)
{
	(void)owner;
}

static inline void *cap_carrier_of(void *member, size_t offset)
{
	return (char *)member - offset;
}
