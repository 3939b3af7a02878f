/* SPDX-License-Identifier: MIT
 *
 * The one table of mechanisms and profiles. Code asks for a mechanism
 * (#if ARAMID_CONTAIN_PANICS), never for a profile's name; the build reads the
 * same rows (cmake/Profiles.cmake). A build says which profile it is with
 * -DARAMID_PROFILE=FORTRESS, BALANCED, PERFORMANCE or LUDICROUS.
 */
#pragma once

#ifndef ARAMID_PROFILE
#define ARAMID_PROFILE BALANCED
#endif

#define ARAMID_IN_FORTRESS(f, b, p, l)    f
#define ARAMID_IN_BALANCED(f, b, p, l)    b
#define ARAMID_IN_PERFORMANCE(f, b, p, l) p
#define ARAMID_IN_LUDICROUS(f, b, p, l)   l
#define ARAMID_IN__(profile)              ARAMID_IN_##profile
#define ARAMID_IN_(profile)               ARAMID_IN__(profile)
#define ARAMID_IN                         ARAMID_IN_(ARAMID_PROFILE)

/* clang-format off */
/* mechanism                                      F  B  P  L */
#define ARAMID_RUNTIME_TOKENS          ARAMID_IN (1, 0, 0, 0) /* 16-byte tokens, validated when shown */
#define ARAMID_CHECK_FLOW_AT_BUILD     ARAMID_IN (0, 1, 0, 0) /* the gate runs on each file compiled */
#define ARAMID_CONTAIN_PANICS          ARAMID_IN (1, 1, 0, 0) /* service calls through proxies and boundaries */
#define ARAMID_ISOLATE_SERVICES        ARAMID_IN (1, 0, 0, 0) /* own stacks, arguments by copy, protection keys */
#define ARAMID_COPY_FRAMES             ARAMID_IN (1, 0, 0, 0) /* page frames reach services by copy only */
#define ARAMID_CHECK_USER_POINTERS     ARAMID_IN (1, 1, 1, 0) /* access_ok on each user pointer */
#define ARAMID_TRAP_OVERFLOW           ARAMID_IN (1, 0, 0, 0) /* signed overflow traps */
#define ARAMID_HARDEN_HEAP             ARAMID_IN (1, 0, 0, 0) /* freed memory is poisoned and checked */
#define ARAMID_WHOLE_PROGRAM           ARAMID_IN (0, 0, 0, 1) /* link-time optimisation over all of it */
#define ARAMID_CHECK_LOCK_ORDER        ARAMID_IN (1, 0, 0, 0) /* each spinlock is checked against lock_order.def */
#define ARAMID_CHECK_INVARIANTS        ARAMID_IN (1, 0, 0, 0) /* the proved invariants are evaluated after each fall */
/* clang-format on */
