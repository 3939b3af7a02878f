/* SPDX-License-Identifier: MIT
 *
 * What a stray write or a lost piece of bookkeeping would do to the core's tables: for the tests of
 * the invariants, which must see it. Only where invariants are evaluated.
 */
#pragma once

struct ledger_call;

/* A live generation that was never given out. */
void damage_tokens(void);

/* A page given back while it is a part of a free run. */
void damage_pages(void);

/* A block noted twice. */
void damage_ledger(struct ledger_call *ledger);
