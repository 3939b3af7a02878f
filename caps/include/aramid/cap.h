/* SPDX-License-Identifier: MIT
 *
 * Tokens: a value in a function's signature that states "this needs that right".
 *
 *   int net_transmit(CAP(net_access) cap, const void *frame, size_t length)
 *   {
 *           cap_validate(net_access, cap);
 *           …
 *
 * Where the profile has ARAMID_RUNTIME_TOKENS a token is 16 bytes, and showing a forged, revoked
 * or stolen one ends in cap_refused. Elsewhere it is an empty struct that costs no instruction,
 * and the checkers prove at build time that nobody made one up. See cap_kinds.def for the kinds.
 *
 * A token lives in parameters, locals and listed carrier structs; the rules are CAP001 to CAP010.
 */
#pragma once

#include <aramid/cap_audit.h>
#include <aramid/cap_kind.h>
#include <aramid/cap_operation.h>
#include <aramid/profile.h>
#include <aramid/rights.h>
#include <aramid/tool.h>
#include <aramid/unsafe.h>
#include <stdbool.h>
#include <stddef.h>

/* The token type of a kind. */
#define CAP(kind) struct cap_##kind

#if ARAMID_READ_BY_TOOL
#include <aramid/cap_tool.h>
#elif ARAMID_RUNTIME_TOKENS
#include <aramid/cap_runtime.h>
#else
#include <aramid/cap_erased.h>
#endif

/* A right of the thread-safety analysis for each kind: NEEDS_RIGHT(net_access) and so on. */
#define CAP_KIND(name, mint, permits, leak) ARAMID_RIGHT(name);
#include <aramid/cap_kinds.def>

/* A new token of the kind for the owner. Core only (CAP003). When the table is full, or before
 * cap_init, the token is one that validates nowhere: ask cap_granted. Does not panic. */
#define cap_mint(kind, owner) cap_mint_##kind(owner)

/* Did the mint, attenuation or delegation that made the token succeed? */
#define cap_granted(kind, cap) cap_granted_##kind(cap)

/* A statement, the first of a privileged function: from here on the current owner is known to
 * hold the right. On a refused token cap_refused is called, and control does not come back. */
#define cap_validate(kind, cap) cap_validate_##kind(cap)

/* The same question as an expression, for those who would answer -EPERM: true if valid. */
#define cap_is_valid(kind, cap) cap_is_valid_##kind(cap)

/* A statement for the thread-safety analysis alone: this function has the token, so it has the
 * right to call functions that need it. */
#define cap_wield(kind, cap) cap_wield_##kind(cap)

/* A weaker token for the same owner, along an edge of the table; another edge does not compile. */
#define cap_attenuate(to, from, cap) cap_attenuate_##to##_from_##from(cap)

/* A token of the kind for another owner, from a valid one of the current owner, who keeps its own.
 * The only way to another owner. */
#define cap_delegate(kind, cap, new_owner) cap_delegate_##kind(cap, new_owner)

/* Ends this token and all copies of it; it must be valid for the current owner. Returns when the
 * operations of other threads that were open have ended (aramid/cap_operation.h), as cap_revoke and
 * cap_revoke_kind do. May sleep in a hosted program. */
#define cap_revoke_one(kind, cap) cap_revoke_one_##kind(cap)

/* Ends every token of a kind, whoever holds it. Core only. */
#define cap_revoke_kind(kind) cap_revoke_kind_##kind()

/* The carrier that holds `member` at `ptr`: the only way back from a callback's void pointer to a
 * struct with tokens. Stands in functions that the project's policy lists: callback FUNCTION. */
#define CAP_CARRIER_OF(type, member, ptr) ((type *)cap_carrier_of((ptr), offsetof(type, member)))
