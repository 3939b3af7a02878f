/* SPDX-License-Identifier: MIT */
#include <aramid/cap_audit.h>

static const char *const names[CAP_REFUSAL_COUNT] = {
        [CAP_ACCEPTED] = "accepted",
        [CAP_REFUSED_NO_SLOT] = "forged (no such slot)",
        [CAP_REFUSED_STALE] = "stale (revoked, or never granted)",
        [CAP_REFUSED_NONCE] = "forged (wrong nonce)",
        [CAP_REFUSED_KIND] = "of another kind",
        [CAP_REFUSED_OWNER] = "stolen (bound to another owner)",
        [CAP_REFUSED_TABLE_FULL] = "not minted (table full)",
        [CAP_REFUSED_NOT_READY] = "not minted (cap_init has not run)",
};

const char *cap_refusal_name(enum cap_refusal why)
{
	if (why >= CAP_REFUSAL_COUNT)
		return "refused";
	return names[why];
}
