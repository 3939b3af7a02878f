/* SPDX-License-Identifier: MIT
 *
 * Names that both the typed face (aramid/cap.h) and the table behind it need: kinds, owners and
 * the reasons for which a token is refused.
 */
#pragma once

#ifdef __cplusplus
#error "aramid tokens are C: an empty struct has a byte in C++, and no kind is safe there"
#endif

/* Kind numbers are the table's order, from 1; 0 is no kind. */
enum cap_kind {
	CAP_KIND_NONE,
#define CAP_KIND(name, mint, permits, leak) CAP_KIND_##name,
#include <aramid/cap_kinds.def>
	CAP_KIND_COUNT
};

/* Who a token is bound to: a service of the kernel, a plugin of a hosted program. */
typedef unsigned int cap_owner_t;

/* The core itself: the owner that mints. */
#define CAP_OWNER_CORE 0u

/* Why a token was refused; CAP_ACCEPTED is no refusal. */
enum cap_refusal {
	CAP_ACCEPTED,
	CAP_REFUSED_NO_SLOT,    /* no such slot: forged, or a zeroed object */
	CAP_REFUSED_STALE,      /* revoked; the slot may have a newer token */
	CAP_REFUSED_NONCE,      /* forged: slot and generation are right, the nonce is not */
	CAP_REFUSED_KIND,       /* a genuine token, of another kind */
	CAP_REFUSED_OWNER,      /* a genuine token, shown by another than its owner: stolen */
	CAP_REFUSED_TABLE_FULL, /* a mint found no free slot */
	CAP_REFUSED_NOT_READY,  /* a mint came before cap_init */
	CAP_REFUSAL_COUNT
};
