/* SPDX-License-Identifier: MIT
 *
 * Why a service fell: the counters of /proc/services.
 */
#pragma once

#define CAUSES(CAUSE)                                                                              \
	CAUSE(panic)     /* panic(), a failed assertion */                                         \
	CAUSE(null)      /* #PF in the first page */                                               \
	CAUSE(wild)      /* #PF or #GP at any other address */                                     \
	CAUSE(stray)     /* #PF: memory that is there, but not the service's */                    \
	CAUSE(illegal)   /* #UD */                                                                 \
	CAUSE(divide)    /* #DE */                                                                 \
	CAUSE(wild_jump) /* an instruction fetch that faults */                                    \
	CAUSE(overflow)  /* the stack ran into its guard page */                                   \
	CAUSE(loop)      /* the watchdog's deadline passed */                                      \
	CAUSE(token)     /* a forged, stale or foreign token was shown */                          \
	CAUSE(other)     /* any other CPU exception */

enum cause {
#define CAUSE(name) CAUSE_##name,
	CAUSES(CAUSE)
#undef CAUSE
	        CAUSE_COUNT
};

/* The word for a cause in logs and counters. */
const char *cause_name(enum cause cause);
