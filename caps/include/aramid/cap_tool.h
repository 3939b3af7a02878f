/* SPDX-License-Identifier: MIT
 *
 * Tokens as Sparse, capflow, the Clang Static Analyzer and Frama-C see them; included by
 * aramid/cap.h. A tool cannot follow a value of size zero, so the token has a phantom field: a
 * pointer to a type that nobody completes, one for each kind. Every operation is a declaration,
 * so that a tool sees a call by name where the build may have an inline function.
 *
 * For Frama-C the field is a float: WP keeps memory of each scalar type by itself, so that what
 * stores a pointer or an integer cannot be taken for what changes a token.
 */
#pragma once

#ifdef __FRAMAC__
#define CAP_MODEL_(name) float
#else
#define CAP_MODEL_(name) const struct cap_phantom_##name *
#endif

#define CAP_KIND(name, mint, permits, leak)                                                        \
	struct cap_phantom_##name;                                                                 \
	struct cap_##name {                                                                        \
		CAP_MODEL_(name) model;                                                            \
	};                                                                                         \
	ARAMID_RIGHT(name);                                                                        \
	struct cap_##name cap_mint_##name(cap_owner_t owner);                                      \
	bool cap_granted_##name(struct cap_##name cap);                                            \
	void cap_validate_##name(struct cap_##name cap) PROVES_RIGHT(name);                        \
	bool cap_is_valid_##name(struct cap_##name cap);                                           \
	void cap_wield_##name(struct cap_##name cap) PROVES_RIGHT(name);                           \
	struct cap_##name cap_delegate_##name(struct cap_##name cap, cap_owner_t new_owner);       \
	void cap_revoke_one_##name(struct cap_##name cap);                                         \
	void cap_revoke_kind_##name(void);
#define CAP_EDGE(to, from) struct cap_##to cap_attenuate_##to##_from_##from(struct cap_##from cap);
#include <aramid/cap_kinds.def>

bool cap_init(void);
void cap_revoke(cap_owner_t owner);
void *cap_carrier_of(void *member, unsigned long offset);
