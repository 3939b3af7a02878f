/* SPDX-License-Identifier: MIT
 *
 * Tokens in the profiles with ARAMID_RUNTIME_TOKENS; included by aramid/cap.h. Each kind is a
 * struct of its own round the same cap_token, so that a kind is a type to the compiler and a
 * number to the table.
 */
#pragma once

#include <aramid/cap_env.h>
#include <aramid/cap_link.h>
#include <aramid/cap_mark.h>
#include <aramid/cap_token.h>

#ifdef ARAMID_MINT_OUT_OF_LINE
#define CAP_DEFINE_MINT_(name) struct cap_##name cap_mint_##name(cap_owner_t owner);
#else
#define CAP_DEFINE_MINT_(name)                                                                     \
	static inline struct cap_##name cap_mint_##name(cap_owner_t owner)                         \
	{                                                                                          \
		CAP_MARK_MINT_(name);                                                              \
		return (struct cap_##name){cap_token_mint(CAP_KIND_##name, owner)};                \
	}
#endif

#define CAP_KIND(name, mint, permits, leak)                                                        \
	struct cap_##name {                                                                        \
		struct cap_token token;                                                            \
	};                                                                                         \
	_Static_assert(sizeof(struct cap_##name) == 16, "a token is two registers");               \
	ARAMID_RIGHT(name);                                                                        \
	CAP_DEFINE_MINT_(name)                                                                     \
	static inline bool cap_granted_##name(struct cap_##name cap)                               \
	{                                                                                          \
		return cap_token_is_granted(cap.token);                                            \
	}                                                                                          \
	static inline void cap_validate_##name(struct cap_##name cap) PROVES_RIGHT(name);          \
	static inline void cap_validate_##name(struct cap_##name cap)                              \
	{                                                                                          \
		cap_token_validate(cap.token, CAP_KIND_##name);                                    \
	}                                                                                          \
	static inline bool cap_is_valid_##name(struct cap_##name cap)                              \
	{                                                                                          \
		return cap_token_is_valid(cap.token, CAP_KIND_##name);                             \
	}                                                                                          \
	static inline void cap_wield_##name(struct cap_##name cap) PROVES_RIGHT(name);             \
	static inline void cap_wield_##name(struct cap_##name cap)                                 \
	{                                                                                          \
		(void)cap;                                                                         \
	}                                                                                          \
	static inline struct cap_##name cap_delegate_##name(struct cap_##name cap,                 \
	                                                    cap_owner_t new_owner)                 \
	{                                                                                          \
		return (struct cap_##name){                                                        \
		        cap_token_delegate(cap.token, CAP_KIND_##name, new_owner)};                \
	}                                                                                          \
	static inline void cap_revoke_one_##name(struct cap_##name cap)                            \
	{                                                                                          \
		cap_token_revoke_one(cap.token, CAP_KIND_##name);                                  \
	}                                                                                          \
	static inline void cap_revoke_kind_##name(void)                                            \
	{                                                                                          \
		cap_token_revoke_kind(CAP_KIND_##name);                                            \
	}
#define CAP_EDGE(to, from)                                                                         \
	static inline struct cap_##to cap_attenuate_##to##_from_##from(struct cap_##from cap)      \
	{                                                                                          \
		return (struct cap_##to){                                                          \
		        cap_token_attenuate(cap.token, CAP_KIND_##from, CAP_KIND_##to)};           \
	}
#include <aramid/cap_kinds.def>

#undef CAP_DEFINE_MINT_

/* Ends every token of the owner. For the core: when a service falls, when a plugin is unloaded. */
static inline void cap_revoke(cap_owner_t owner)
{
	cap_token_revoke_owner(owner);
}

static inline void *cap_carrier_of(void *member, size_t offset)
{
	return (char *)member - offset;
}
