/* SPDX-License-Identifier: MIT
 *
 * The undo record: what the running call noted. The old bytes are the service's second copy
 * (mirror.h), which follows when the call has ended well.
 */
#include <kernel/boundary/core_call_impl.h>
#include <kernel/boundary/mirror.h>
#include <kernel/boundary/record.h>
#include <kernel/boundary/transaction.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>
#include <kernel/mm/heap.h>
#include <kernel/proc/thread.h>

#define TRANSACTION_ENTRIES 256

struct note {
	char *address, *copy;
	uint64_t size;
};

struct transaction {
	bool mutates;
	struct mirrored data; /* the service's */
	struct mirrored
	        last; /* the object where was last noted: often the next note is there too */
	uint32_t count;
	struct note notes[TRANSACTION_ENTRIES];
};

int transaction_create(struct service *service)
{
	service->transaction = heap_alloc(&core_heap, sizeof(*service->transaction));
	if (!service->transaction)
		return -ENOMEM;
	service->transaction->data = mirror_data(service);
	return 0;
}

static bool lies_in(const struct mirrored *in, const char *byte)
{
	return (uint64_t)(byte - in->start) < in->size;
}

void transaction_begin(struct service *service, bool mutates)
{
	service->transaction->mutates = mutates;
	service->transaction->count = 0;
	service->transaction->last.size = 0;
}

bool transaction_refers(const struct service *service, const void *address)
{
	const struct transaction *t = service->transaction;

	for (uint32_t i = 0; i < t->count; i++) {
		const void *const *words = (const void *const *)t->notes[i].address;

		for (uint64_t word = 0; word < t->notes[i].size / sizeof(*words); word++)
			if (words[word] == address)
				return true;
	}
	return false;
}

void transaction_end(struct service *service, const struct ledger_call *ledger)
{
	struct transaction *t = service->transaction;

	for (uint32_t i = 0; i < t->count; i++)
		memcpy(t->notes[i].copy, t->notes[i].address, t->notes[i].size);
	t->count = 0;
	for (uint32_t i = 0; i < ledger->count; i++)
		if (ledger->entries[i].kind == LEDGER_HEAP)
			mirror_follow(service, ledger->entries[i].object);
}

void transaction_undo(struct service *service)
{
	struct transaction *t = service->transaction;

	for (uint32_t i = 0; i < t->count; i++)
		memcpy(t->notes[i].address, t->notes[i].copy, t->notes[i].size);
	t->count = 0;
}

/* Whether the running call may have changed a byte: it noted it, or made the object. */
static bool may_differ(const struct service *service, const char *byte)
{
	const struct ledger_call *ledger = &current_thread()->boundary->ledger;
	const struct transaction *t = service->transaction;

	for (uint32_t i = 0; i < t->count; i++)
		if (byte >= t->notes[i].address && byte < t->notes[i].address + t->notes[i].size)
			return true;
	for (uint32_t i = 0; i < ledger->count; i++) {
		const struct ledger_entry *entry = &ledger->entries[i];

		if (entry->kind == LEDGER_HEAP &&
		    (uint64_t)(byte - (const char *)entry->object) < entry->number)
			return true;
	}
	return false;
}

/* Whether the memory is as calls that ended well left it, but for what this one may change. */
static bool is_as_left(const struct service *service, const struct note *note)
{
	uint64_t at = 0;

	for (;;) {
		const char *byte =
		        mirror_difference(note->address + at, note->copy + at, note->size - at);

		if (__builtin_expect(!byte, 1))
			return true;
		if (!may_differ(service, byte))
			return false;
		at = (uint64_t)(byte - note->address) + 1;
	}
}

/* Whether nothing was written behind the end of an object that the call made: the next object is
 * as it was, or still free. */
static bool end_is_kept(const struct service *service, const struct ledger_entry *made)
{
	struct mirrored behind;
	struct note note;

	note.address = (char *)made->object + made->number;
	if (!mirror_find(service, note.address, &behind) || behind.start != note.address)
		return heap_is_untouched(&service->heap, note.address);
	note.copy = behind.copy;
	note.size = behind.size;
	return is_as_left(service, &note);
}

bool transaction_keeps_ends(const struct service *service, const struct ledger_call *ledger)
{
	for (uint32_t i = 0; i < ledger->count; i++)
		if (ledger->entries[i].kind == LEDGER_HEAP &&
		    !end_is_kept(service, &ledger->entries[i]))
			return false;
	return true;
}

/* Where the copy of what is to be noted lies, or NULL. */
static char *copy_of(const struct service *service, const char *address, uint64_t size)
{
	struct transaction *t = service->transaction;
	const struct mirrored *in = lies_in(&t->data, address) ? &t->data : &t->last;
	uint64_t at;

	if (!lies_in(in, address) && !mirror_find(service, address, &t->last))
		return NULL;
	at = (uint64_t)(address - in->start);
	return size <= in->size - at ? in->copy + at : NULL;
}

void core_do_core_undo(void *address, uint64_t size)
{
	struct service *service = service_current();
	struct transaction *t = service->transaction;
	struct note note = {.address = address, .size = size};

	/* While it starts, and where nothing is contained, there is nothing to go back to. */
	if (!ARAMID_CONTAIN_PANICS || service->starting)
		return;
	if (!t || !t->mutates)
		panic_caller(CAUSE_panic, "core_undo outside a call that changes something");
	if (size == 0)
		panic_caller(CAUSE_panic, "core_undo of nothing");
	if (t->count == TRANSACTION_ENTRIES)
		panic_caller(CAUSE_panic, "the undo record is full");
	note.copy = copy_of(service, address, size);
	if (!note.copy)
		panic_caller(CAUSE_wild, "core_undo of memory that is not its own");
	if (!is_as_left(service, &note))
		panic_caller(CAUSE_wild, "memory was changed that no call had noted");
	t->notes[t->count++] = note;
}
