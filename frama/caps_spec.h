/* SPDX-License-Identifier: MIT
 *
 * What is proved of the token table: the contracts of caps/src's public functions, read by Frama-C
 * before each file (-include). Contracts of functions whose body is not among the files proved
 * are believed; `prove` prints them.
 */
#include "../caps/src/nonce.h"
#include "../caps/src/table.h"
#include <aramid/cap_env.h>

/* The environment, believed. The presenter is whatever the environment says it is. */
extern cap_owner_t model_presenter;

/*@ assigns \result \from model_presenter;
    exits \false;
    ensures \result == model_presenter; */
cap_owner_t cap_current_owner(void);

/*@ assigns \nothing;
    exits \false;
    ensures \false; */
void cap_refused(enum cap_kind kind, enum cap_refusal why, cap_owner_t presenter);

/*@ assigns \nothing;
    exits \false;
    ensures \false; */
void __builtin_trap(void);

/* The counter of validations, and the wait that ends each revocation, believed: they change nothing
 * that the proofs speak of. */
/*@ assigns cap_counters;
    exits \false; */
void cap_count_validation(void);

/*@ assigns \nothing;
    exits \false; */
void cap_wait_for_operations(void);

/* The nonces, believed: nothing is claimed of their values, but that none is taken before there are
 * any. */
/*@ assigns \result, cap_nonce_state \from cap_nonce_state;
    exits \false;
    ensures cap_nonce_state.seeded == 1; */
bool cap_nonce_seed(void);

/*@ requires cap_nonce_state.seeded != 0;
    assigns \result, cap_nonce_state \from cap_nonce_state;
    exits \false;
    ensures cap_nonce_state.seeded == \old(cap_nonce_state.seeded); */
uint64_t cap_next_nonce(void);

/*@ assigns cap_nonce_state;
    exits \false;
    ensures cap_nonce_state.seeded == 1; */
bool cap_init(void);

/* Validation accepts exactly the genuine tokens: not a forged one, not one of another kind, not a
 * stolen one, not a revoked one. */
/*@ assigns cap_counters;
    exits \false;
    ensures \result == CAP_ACCEPTED <==> genuine(token, kind, presenter); */
enum cap_refusal cap_token_check(struct cap_token token, unsigned int kind, cap_owner_t presenter);

/*@ assigns cap_counters;
    exits \false;
    ensures \result == \true <==> genuine(token, kind, model_presenter); */
bool cap_token_is_valid(struct cap_token token, unsigned int kind);

/*@ assigns cap_counters;
    exits \false;
    ensures genuine(token, kind, model_presenter); */
void cap_token_validate(struct cap_token token, unsigned int kind);

/* A fresh token is valid; every valid token stays valid; what is over stays over. */
/*@ requires sound;
    assigns cap_table[0 .. CAP_TABLE_SLOTS - 1], cap_next_slot, cap_nonce_state, cap_counters,
      cap_table_lock.held;
    exits \false;
    ensures sound;
    ensures \result.generation != 0 ==> genuine(\result, kind, owner);
    ensures \forall struct cap_token t, integer k, integer o;
      genuine{Pre}(t, k, o) ==> genuine(t, k, o);
    ensures \forall integer s, integer g; over{Pre}(s, g) ==> over(s, g); */
struct cap_token cap_token_mint(unsigned int kind, cap_owner_t owner);

/* Only from a genuine token of the presenter's, and only for the presenter. */
/*@ requires sound;
    assigns cap_table[0 .. CAP_TABLE_SLOTS - 1], cap_next_slot, cap_nonce_state, cap_counters,
      cap_table_lock.held;
    exits \false;
    ensures sound;
    ensures genuine{Pre}(token, from, model_presenter);
    ensures \result.generation != 0 ==> genuine(\result, to, model_presenter);
    ensures \forall struct cap_token t, integer k, integer o;
      genuine{Pre}(t, k, o) ==> genuine(t, k, o);
    ensures \forall integer s, integer g; over{Pre}(s, g) ==> over(s, g); */
struct cap_token cap_token_attenuate(struct cap_token token, unsigned int from, unsigned int to);

/*@ requires sound;
    assigns cap_table[0 .. CAP_TABLE_SLOTS - 1], cap_next_slot, cap_nonce_state, cap_counters,
      cap_table_lock.held;
    exits \false;
    ensures sound;
    ensures genuine{Pre}(token, kind, model_presenter);
    ensures \result.generation != 0 ==> genuine(\result, kind, new_owner);
    ensures \forall struct cap_token t, integer k, integer o;
      genuine{Pre}(t, k, o) ==> genuine(t, k, o);
    ensures \forall integer s, integer g; over{Pre}(s, g) ==> over(s, g); */
struct cap_token cap_token_delegate(struct cap_token token, unsigned int kind,
                                    cap_owner_t new_owner);

/* The token is over, and no other slot has changed. */
/*@ requires sound;
    assigns cap_table[0 .. CAP_TABLE_SLOTS - 1].live, cap_counters, cap_table_lock.held;
    exits \false;
    ensures sound;
    ensures genuine{Pre}(token, kind, model_presenter);
    ensures over(token.slot, token.generation);
    ensures \forall integer s; 0 <= s < CAP_TABLE_SLOTS && s != token.slot ==>
      same_entry{Pre, Post}(s); */
void cap_token_revoke_one(struct cap_token token, unsigned int kind);

/* After it no token of the owner is valid, each that was is over, and every slot of another owner
 * is as it was. */
/*@ requires sound;
    assigns cap_table[0 .. CAP_TABLE_SLOTS - 1].live, cap_counters, cap_table_lock.held;
    exits \false;
    ensures sound;
    ensures \forall struct cap_token t, integer k; !genuine(t, k, owner);
    ensures \forall struct cap_token t, integer k;
      genuine{Pre}(t, k, owner) ==> over(t.slot, t.generation);
    ensures \forall integer s; 0 <= s < CAP_TABLE_SLOTS && cap_table[s].owner != owner ==>
      same_entry{Pre, Post}(s); */
void cap_token_revoke_owner(cap_owner_t owner);

/* The same for a kind. */
/*@ requires sound;
    assigns cap_table[0 .. CAP_TABLE_SLOTS - 1].live, cap_counters, cap_table_lock.held;
    exits \false;
    ensures sound;
    ensures \forall struct cap_token t, integer o; !genuine(t, kind, o);
    ensures \forall struct cap_token t, integer o;
      genuine{Pre}(t, kind, o) ==> over(t.slot, t.generation);
    ensures \forall integer s; 0 <= s < CAP_TABLE_SLOTS && cap_table[s].kind != kind ==>
      same_entry{Pre, Post}(s); */
void cap_token_revoke_kind(unsigned int kind);

/* The invariant as Fortress evaluates it. */
/*@ assigns \nothing;
    exits \false;
    ensures \result == \true <==> sound; */
bool cap_table_is_sound(void);

/*@ assigns \nothing;
    exits \false;
    ensures \result == \true <==> token.generation != 0; */
static inline bool cap_token_is_granted(struct cap_token token);
