/* SPDX-License-Identifier: MIT
 *
 * The slots of a function; see slots.h.
 */
#include <string.h>

#include "slots.h"

struct slot *slots;
size_t slot_count;

static size_t slot_room;

static void add_slot(struct symbol *kind, long long offset, void *data)
{
	struct symbol *object = data;
	const bool outlives = !is_automatic(object), leads = is_pointer_to_holder(object);
	size_t i;

	for (i = 0; i < slot_count; i++)
		if (slots[i].object == object && slots[i].offset == offset)
			return;
	if (slot_count == slot_room) {
		slot_room = slot_room ? 2 * slot_room : 64;
		slots = realloc(slots, slot_room * sizeof(*slots));
		if (!slots)
			die("out of memory");
	}
	slots[slot_count++] = (struct slot){
	        .object = object,
	        .kind = kind,
	        .offset = offset,
	        .filled_before = leads || (outlives && !is_never_filled(object, offset)),
	        .was_zeroed = outlives,
	};
}

/* Locals, and the static objects that hold tokens. */
bool is_tracked(struct symbol *object)
{
	return object && (is_automatic(object) || holds_token(object));
}

struct symbol *tracked_object(pseudo_t address)
{
	return address && address->type == PSEUDO_SYM && is_tracked(address->sym) ? address->sym
	                                                                          : NULL;
}

struct area area_of(const struct instruction *access)
{
	struct area area = {.size = access->size / 8};

	area.object = object_behind(access->src, &area.offset);
	if (!is_tracked(area.object))
		area.object = NULL;
	if (area.offset != UNKNOWN_OFFSET)
		area.offset += access->offset;
	return area;
}

bool lies_within(const struct slot *slot, const struct area *area)
{
	return slot->object == area->object &&
	       (area->offset == UNKNOWN_OFFSET ||
	        (slot->offset < area->offset + area->size &&
	         area->offset < slot->offset + slot->kind->bit_size / 8));
}

bool is_empty(const struct area *area, const unsigned char *state)
{
	bool any = false;
	size_t i;

	for (i = 0; i < slot_count; i++) {
		if (!lies_within(&slots[i], area))
			continue;
		if (state[i])
			return false;
		any = true;
	}
	return any;
}

bool is_fresh(pseudo_t pointer)
{
	struct instruction *insn;
	int depth;

	for (depth = 0; depth < 4 && pointer && pointer->type == PSEUDO_REG; depth++) {
		insn = pointer->def;
		if (!insn)
			return false;
		if (insn->opcode == OP_CALL)
			return insn->func && insn->func->type == PSEUDO_SYM &&
			       policy_is_allocator(insn->func->sym->ident) &&
			       /* realloc brings along what was there */
			       !policy_takes_carrier(insn->func->sym->ident);
		if (insn->opcode != OP_PTRCAST && insn->opcode != OP_NOP)
			return false;
		pointer = insn->src;
	}
	return false;
}

/* Appends the members that lead to the offset: ".link.net". */
static void append_members(char *name, size_t room, struct symbol *type, long long offset)
{
	struct symbol *member;
	const size_t length = strlen(name);

	type = bare_type(type);
	if (is_token_type(type) || type->type != SYM_STRUCT)
		return;
	FOR_EACH_PTR(type->symbol_list, member)
	{
		const long long start = member->offset;

		if (offset < start || offset >= start + member->bit_size / 8)
			continue;
		snprintf(name + length, room - length, ".%s", show_ident(member->ident));
		append_members(name, room, member, offset - start);
		return;
	}
	END_FOR_EACH_PTR(member);
}

const char *slot_name(const struct slot *slot)
{
	static char name[128];
	struct symbol *type = bare_type(slot->object);
	const char *object = slot->object->ident ? show_ident(slot->object->ident) : "(literal)";

	if (type->type == SYM_PTR) {
		snprintf(name, sizeof(name), "(*%s)", object);
		type = type->ctype.base_type;
	} else {
		snprintf(name, sizeof(name), "%s", object);
	}
	append_members(name, sizeof(name), type, slot->offset);
	return name;
}

static void collect_from(struct instruction *insn)
{
	struct symbol *object;

	if (insn->opcode != OP_STORE && insn->opcode != OP_LOAD && insn->opcode != OP_SYMADDR)
		return;
	object = tracked_object(insn->src);
	if (!object)
		return;
	if (insn->opcode == OP_STORE && is_pointer_to_holder(object) && is_fresh(insn->target))
		for_each_token_in(bare_type(object)->ctype.base_type, add_slot, object);
	else
		for_each_token_in(object, add_slot, object);
}

void collect_slots(struct entrypoint *ep)
{
	struct basic_block *block;
	struct instruction *insn;

	slot_count = 0;
	FOR_EACH_PTR(ep->bbs, block)
	{
		FOR_EACH_PTR(block->insns, insn)
		{
			if (insn->bb)
				collect_from(insn);
		}
		END_FOR_EACH_PTR(insn);
	}
	END_FOR_EACH_PTR(block);
}
