/* SPDX-License-Identifier: MIT
 *
 * The token table between threads: mint, validate, delegate and revoke as caps/src does them, each
 * load and store a step of its own. Three threads choose an operation each, and the first of them MORE
 * after that; Spin tries every choice and every interleaving (test_model.py).
 *
 * A token's nonce is its number here: nonces do not repeat and are not guessed. Loads and stores
 * happen in order, but for what x86 allows: the store that opens an operation may stay in its
 * thread's store buffer while later loads are made, until the thread ends the operation or somebody
 * executes membarrier. Elsewhere a late store is a late step.
 *
 * -DBUG_… each takes away one thing that the design rests on; Spin must then find an error.
 */
#ifndef MORE
#define MORE 0
#endif
#define THREADS 3
#define SLOTS   2
#define TOKENS  (1 + THREADS + MORE)
#define IDLE    6

/* The table; a slot's last generation is the lock's. */
byte live[SLOTS], last[SLOTS], nonce[SLOTS];
bit kind[SLOTS], owner[SLOTS];
bit locked;

/* What a thread that revokes looks at: odd while an operation is open. */
byte sequence[THREADS];
bit buffered[THREADS];

/* The truth, by nonce: what each token is, whether its revocation has begun, and returned. */
byte of_slot[TOKENS + 1], of_generation[TOKENS + 1];
bit of_kind[TOKENS + 1], of_owner[TOKENS + 1];
bit begun[TOKENS + 1], over[TOKENS + 1];
byte made;  /* nonces given out */
byte known; /* tokens that a mint has returned; they are known in the order of their nonces */

inline lock_table()
{
	atomic { !locked -> locked = 1 }
}

inline unlock_table()
{
	locked = 0
}

inline flush(whom)
{
	if
	:: buffered[whom] -> buffered[whom] = 0; sequence[whom]++
	:: else
	fi
}

/* caps/src/mint.c: register_token, under the lock. */
inline register_token(new_kind, new_owner)
{
	if
	:: live[0] == 0 -> slot = 0
	:: live[0] != 0 && live[1] == 0 -> slot = 1
	:: live[0] != 0 && live[1] != 0 -> slot = SLOTS
	fi;
	if
	:: slot < SLOTS ->
		d_step {
			last[slot]++;
			made++;
			of_slot[made] = slot;
			of_generation[made] = last[slot];
			of_kind[made] = new_kind;
			of_owner[made] = new_owner
		}
#ifdef BUG_LIVE_FIRST
		live[slot] = last[slot];
#endif
		nonce[slot] = made;
		kind[slot] = new_kind;
		owner[slot] = new_owner;
		live[slot] = last[slot];
		known = made
	:: else
	fi;
	slot = 0
}

/* caps/src/host_operations.c: cap_begin_operation and cap_end_operation. */
inline begin_operation()
{
	buffered[self] = 1
}

inline end_operation()
{
	d_step { flush(self); sequence[self]++ }
}

/* caps/src/check.c: compare. */
inline compare(token)
{
	accepted = (live[shown_slot] == shown_generation);
	accepted = accepted && (nonce[shown_slot] == token);
	accepted = accepted && (kind[shown_slot] == shown_kind);
	accepted = accepted && (owner[shown_slot] == shown_owner);
#ifndef BUG_ONE_LOOK
	accepted = accepted && (live[shown_slot] == shown_generation);
#endif
}

inline choose_token()
{
	if
	:: known >= 1 -> token = 1
	:: known >= 2 -> token = 2
	:: known >= 3 -> token = known
	fi
}

inline mint(new_kind, new_owner)
{
	lock_table();
	register_token(new_kind, new_owner);
	unlock_table()
}

/* A privileged function that is shown a token: as it is, or with something wrong. */
inline validate()
{
	choose_token();
	d_step {
		shown_slot = of_slot[token];
		shown_generation = of_generation[token];
		shown_kind = of_kind[token];
		shown_owner = of_owner[token];
		exact = 1
	}
	if
	:: true
	:: d_step { shown_kind = 1 - shown_kind; exact = 0 }
	:: d_step { shown_owner = 1 - shown_owner; exact = 0 }
	:: d_step { shown_kind = 1 - shown_kind; shown_owner = 1 - shown_owner; exact = 0 }
	:: d_step { shown_slot = 1 - shown_slot; exact = 0 }
	:: d_step { shown_generation++; exact = 0 }
	fi;
	atomic { was_over = over[token]; begin_operation() }
	compare(token);
	if
	:: accepted ->
		assert(exact);     /* nothing forged, stolen or of another kind is accepted */
		assert(!was_over); /* nor what was revoked before */
		assert(!over[token]) /* the revocation waits until here */
	:: else ->
		assert(!exact || begun[token]) /* what is valid is accepted */
	fi;
	end_operation();
	d_step {
		token = 0; shown_slot = 0; shown_generation = 0; shown_kind = 0; shown_owner = 0;
		exact = 0; accepted = 0; was_over = 0
	}
}

/* caps/src/mint.c: derive, of the owner's own token, for the other owner. */
inline delegate()
{
	choose_token();
#ifdef BUG_DERIVE_UNLOCKED
	accepted = (live[of_slot[token]] == of_generation[token] && nonce[of_slot[token]] == token);
	lock_table();
#else
	lock_table();
	accepted = (live[of_slot[token]] == of_generation[token] && nonce[of_slot[token]] == token);
#endif
	if
	:: accepted ->
		assert(!over[token]); /* nothing comes of a token whose revocation has returned */
		register_token(of_kind[token], 1 - of_owner[token])
	:: else
	fi;
	unlock_table();
	d_step { token = 0; accepted = 0 }
}

inline wait_for(other)
{
	seen = sequence[other];
	if
	:: other != self && seen % 2 == 1 -> sequence[other] != seen
	:: else
	fi;
	seen = 0
}

inline wait_for_operations()
{
#ifdef BUG_NO_WAIT
	skip
#else
#ifndef BUG_NO_FENCE
	d_step { flush(0); flush(1); flush(2) }
#endif
	wait_for(0);
	wait_for(1);
	wait_for(2)
#endif
}

/* caps/src/revoke.c: one token, of its owner. */
inline revoke_one()
{
	choose_token();
	lock_table();
	accepted = (live[of_slot[token]] == of_generation[token] && nonce[of_slot[token]] == token);
	if
	:: accepted -> d_step { begun[token] = 1; live[of_slot[token]] = 0 }
	:: else
	fi;
	unlock_table();
	if
	:: accepted -> wait_for_operations(); over[token] = 1
	:: else
	fi;
	d_step { token = 0; accepted = 0 }
}

inline revoke_slot_of_owner(slot_number)
{
	if
	:: d_step { owner[slot_number] == whose && live[slot_number] != 0 ->
		begun[nonce[slot_number]] = 1; live[slot_number] = 0 }
	:: else
	fi
}

/* All of an owner's. What was given out before the lock was held is over afterwards. */
inline revoke_owner()
{
	if
	:: whose = 0
	:: whose = 1
	fi;
	lock_table();
	token = made;
	revoke_slot_of_owner(0);
	revoke_slot_of_owner(1);
	unlock_table();
	wait_for_operations();
	d_step {
		do
		:: token > 0 ->
			if
			:: of_owner[token] == whose -> over[token] = 1
			:: else
			fi;
			token--
		:: else -> break
		od;
		whose = 0
	}
}

/* The first operation is init's choice. */
proctype thread(byte self; byte operation; byte more)
{
	byte token, slot, seen, shown_slot, shown_generation;
	bit shown_kind, shown_owner, exact, accepted, was_over, whose;

	do
	:: d_step { operation == 0 -> operation = IDLE }; mint(0, 0)
	:: d_step { operation == 1 -> operation = IDLE }; mint(1, 1)
	:: d_step { operation == 2 -> operation = IDLE }; validate()
	:: d_step { operation == 3 -> operation = IDLE }; delegate()
	:: d_step { operation == 4 -> operation = IDLE }; revoke_one()
	:: d_step { operation == 5 -> operation = IDLE }; revoke_owner()
	:: atomic { operation == IDLE && more > 0 -> more--; select (operation : 0 .. 5) }
	:: operation == IDLE && more == 0 -> break
	od
}

/* A store leaves its buffer at any time. */
proctype store_buffers()
{
end:
	do
	:: atomic { buffered[0] -> flush(0) }
	:: atomic { buffered[1] -> flush(1) }
	:: atomic { buffered[2] -> flush(2) }
	od
}

init
{
	byte first, second, third;

	atomic {
		/* One token is live at the start, of kind 0 and owner 0. */
		made = 1; known = 1; last[0] = 1; live[0] = 1; nonce[0] = 1;
		of_slot[1] = 0; of_generation[1] = 1;
		/* Threads that do as much as each other may be exchanged: one order stands for all. */
		select (first : 0 .. 5);
		select (second : 0 .. 5);
		select (third : 0 .. 5);
		if
		:: second <= third && (MORE > 0 || first <= second) ->
			run store_buffers();
			run thread(0, first, MORE); run thread(1, second, 0); run thread(2, third, 0)
		:: else
		fi
	}
}
