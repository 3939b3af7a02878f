/* SPDX-License-Identifier: MIT
 *
 * What strip_tokens puts in front of the real aramid/cap.h. CAP(kind) is left unexpanded, so that
 * the script finds each declaration of a token; the operations are what remains of them when there
 * are no tokens.
 */
#pragma once

#include <aramid/cap_audit.h>
#include <aramid/cap_kind.h>
#include <aramid/profile.h>
#include <aramid/rights.h>
#include <aramid/tool.h>
#include <aramid/unsafe.h>
#include <stdbool.h>
#include <stddef.h>

#define CAP_KIND(name, mint, permits, leak) ARAMID_RIGHT(name);
#include <aramid/cap_kinds.def>

#define cap_init()                true
#define CAP_OPERATION()           ((void)0)
#define cap_granted(kind, cap)    true
#define cap_is_valid(kind, cap)   true
#define cap_validate(kind, cap)   ((void)0)
#define cap_wield(kind, cap)      ((void)0)
#define cap_revoke(owner)         ((void)(owner))
#define cap_revoke_one(kind, cap) ((void)0)
#define cap_revoke_kind(kind)     ((void)0)

#define CAP_CARRIER_OF(type, member, ptr) ((type *)((char *)(ptr) - offsetof(type, member)))
