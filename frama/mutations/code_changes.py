# SPDX-License-Identifier: MIT
"""Changes to the proved code, each a fault that its proof must not survive."""

CHECK, MINT, REVOKE = "caps/src/check.c", "caps/src/mint.c", "caps/src/revoke.c"
RANGE = "kernel/mm/user_range.h"
ELF, NEWC = "kernel/mm/elf.c", "kernel/vfs/newc.c"
SPLIT, LEDGER = "kernel/vfs/path_split.c", "kernel/boundary/ledger_list.h"
SCRIPT, WORD = "kernel/mm/script.c", "kernel/lib/bit_word.h"
TREE, TREE_INIT = "kernel/mm/bit_tree.c", "kernel/mm/bit_tree_init.c"
BUDDY, BUDDY_INIT = "kernel/mm/buddy.c", "kernel/mm/buddy_init.c"
QUEUE, SET = "kernel/device/virtqueue.c", "kernel/device/descriptor_set.c"
END, COPY, SOUND = "kernel/boundary/ledger_end.c", "kernel/mm/user_copy.c", "caps/src/sound.c"

# Proving a change of one of these takes a minute or more.
SLOW_TARGETS = ("elf", "newc", "bit_tree", "bit_tree_init", "buddy", "buddy_init", "virtqueue")

# The fault, the target, the file, what stands there, and what the fault makes of it.
CHANGES = {
    "kind is not compared": ("validation", CHECK, " | of_kind", ""),
    "owner is not compared": ("validation", CHECK, " | of_owner", ""),
    "slot bound is off by one":
        ("validation", CHECK, "token.slot < CAP_TABLE_SLOTS", "token.slot <= CAP_TABLE_SLOTS"),
    "wrong slot is read":
        ("validation", CHECK, "&cap_table[token.slot]", "&cap_table[token.slot / 2]"),
    "zeroed token is accepted": ("validation", CHECK, " | zeroed", ""),
    "wrong nonce is let through":
        ("validation", CHECK, "if (why != CAP_ACCEPTED)",
         "if (why != CAP_ACCEPTED && why != CAP_REFUSED_NONCE)"),
    "live slot is given out again":
        ("minting", MINT, "cap_load_relaxed(&cap_table[slot].live) == 0 &&", "1 &&"),
    "generation does not advance": ("minting", MINT, "entry->last + 1", "entry->last"),
    "delegation binds to the giver":
        ("minting", MINT, "cap_current_owner(), new_owner)", "cap_current_owner(), 0)"),
    "revocation misses the first slot":
        ("revocation", REVOKE, "for (slot = 0; slot", "for (slot = 1; slot"),
    "range check overflows":
        ("access_ok", RANGE, "size <= USER_LIMIT && addr <= USER_LIMIT - size",
         "addr + size <= USER_LIMIT"),
    "range end is off by one":
        ("access_ok", RANGE, "addr <= USER_LIMIT - size", "addr <= USER_LIMIT - size + 1"),
    "header is read before its size is known":
        ("elf", ELF, "if (available < sizeof(*header))", "if (available < EI_NIDENT)"),
    "program header table may leave the file":
        ("elf", ELF, "table_size > file_size || ", ""),
    "segment may leave the file":
        ("elf", ELF, "return size <= file_size && offset <= file_size - size;",
         "return size <= file_size;"),
    "segment may leave user space":
        ("elf", ELF, "user_range_ok(segment->p_vaddr, segment->p_memsz) &&", ""),
    "one program header too many is read":
        ("elf", ELF, "i < count; i++", "i <= count; i++"),
    "entry may lie at the end of the span":
        ("elf", ELF, "header->e_entry >= end", "header->e_entry > end"),
    "archive header may be cut off":
        ("newc", NEWC, "reader->size - reader->position < HEADER_SIZE", "0"),
    "name may leave the archive":
        ("newc", NEWC, "if (name_size > reader->size - name)", "if (0)"),
    "name need not end":
        ("newc", NEWC, "if (reader->start[name + name_size - 1] != '\\0')", "if (0)"),
    "content may leave the archive":
        ("newc", NEWC, "fields[FIELD_FILE_SIZE] > reader->size - content", "0"),
    "zeroes are skipped past the archive's end":
        ("newc", NEWC, "reader->position < reader->size && ", ""),
    "one field too many is parsed":
        ("newc", NEWC, "i < FIELD_COUNT; i++", "i <= FIELD_COUNT; i++"),
    "name overflows its buffer":
        ("path_split", SPLIT, "length == PATH_NAME_MAX", "length == PATH_NAME_MAX + 1"),
    "name loses its first byte":
        ("path_split", SPLIT, "= text[start + length];", "= text[start + length + 1];"),
    "rest begins a byte late":
        ("path_split", SPLIT, "*rest = text + end;", "*rest = text + end + 1;"),
    "last component is not told":
        ("path_split", SPLIT, "component->last = text[end] == '\\0';", "component->last = false;"),
    "entry is not taken off the ledger": ("ledger", LEDGER, "\tledger->count--;\n", ""),
    "ledger overflows":
        ("ledger", LEDGER, "ledger->count == LEDGER_CALL_ENTRIES", "0"),
    "oldest entry is given back first":
        ("ledger", LEDGER, "*entry = ledger->entries[ledger->count];",
         "*entry = ledger->entries[0];"),
    "array product overflows": ("access_ok", RANGE, "count <= USER_LIMIT / size && ", ""),
    "attenuation gives the stronger kind":
        ("minting", MINT, "derive(token, from, to, presenter, presenter)",
         "derive(token, from, from, presenter, presenter)"),
    "nonce is taken before there are any":
        ("minting", MINT, "if (!cap_nonce_state.seeded) {", "if (0) {"),
    "slot behind the table is searched":
        ("minting", MINT, "for (slot = start; slot < CAP_TABLE_SLOTS; slot++)",
         "for (slot = start; slot <= CAP_TABLE_SLOTS; slot++)"),
    "token is live before its nonce stands":
        ("minting", MINT, "\tcap_store_release(&entry->nonce, nonce);\n",
         "\tcap_store_release(&entry->live, token.generation);\n"
         "\tcap_store_release(&entry->nonce, nonce);\n"),
    "wrong kind is revoked":
        ("revocation", REVOKE, "&cap_table[slot].kind) == kind)",
         "&cap_table[slot].kind) != kind)"),
    "revoking a token ends another": ("revocation", REVOKE, "empty_slot(token.slot);",
                                      "empty_slot(0);"),
    "token is revoked whoever shows it": ("revocation", REVOKE,
                                          "\tif (why == CAP_ACCEPTED)\n\t\tempty_slot",
                                          "\tif (why != CAP_REFUSED_NO_SLOT)\n\t\tempty_slot"),
    "token that is refused is revoked": ("revocation", REVOKE, "\tif (why != CAP_ACCEPTED) {",
                                         "\tif (why == CAP_REFUSED_NO_SLOT) {"),
    "check misses the last slot":
        ("table", SOUND, "slot < CAP_TABLE_SLOTS; slot++", "slot < CAP_TABLE_SLOTS - 1; slot++"),
    "check lets the next generation pass":
        ("table", SOUND, "if (live > cap_load_relaxed(&cap_table[slot].last))",
         "if (live - 1 > cap_load_relaxed(&cap_table[slot].last))"),
    "check reads one slot only":
        ("table", SOUND, "cap_load_acquire(&cap_table[slot].live)",
         "cap_load_acquire(&cap_table[0].live)"),
    "span ends where the bytes do":
        ("access_ok", RANGE, "span->end = address + pages;", "span->end = address + size;"),
    "span begins inside a page":
        ("access_ok", RANGE, " || address % USER_PAGE != 0", ""),
    "span may leave user space":
        ("access_ok", RANGE, " || !user_range_ok(address, pages)", ""),
    "length wraps when it is rounded up":
        ("access_ok", RANGE, "return size > USER_LIMIT ? 0 : (size", "return 0 ? 0 : (size"),
    "string may have a byte too many":
        ("access_ok", RANGE, "? USER_LIMIT - addr : 0", "? USER_LIMIT - addr + 1 : 0"),
    "copy in is not checked":
        ("user_copy", COPY, "\tif (!access_ok(from, size))\n\t\treturn -EFAULT;\n", ""),
    "half of the range is checked":
        ("user_copy", COPY, "if (!access_ok(to, size))", "if (!access_ok(to, size / 2))"),
    "partial copy is checked at its start":
        ("user_copy", COPY, "\tif (!access_ok(from, size))\n\t\treturn 0;",
         "\tif (!access_ok(from, 0))\n\t\treturn 0;"),
    "string is read beyond user space":
        ("user_copy", COPY, "|| space >= size)", "|| space > 0)"),
    "string at the end of user space is a long name":
        ("user_copy", COPY, "length == -ENAMETOOLONG ? -EFAULT : length", "length"),
    "block that is full up is refused too late":
        ("ledger", LEDGER, "return ledger->count < LEDGER_CALL_ENTRIES;",
         "return ledger->count <= LEDGER_CALL_ENTRIES;"),
    "check lets a block be noted twice":
        ("ledger", END, " ||\n\t\t    has_block(ledger, i, ledger->entries[i])", ""),
    "check does not look at the count":
        ("ledger", END, "\tif (ledger->count > LEDGER_CALL_ENTRIES)\n\t\treturn false;\n",
         ""),
    "blocks are the same if their kinds are":
        ("ledger", END, " &&\n\t\t    entry.object == ledger->entries[i].object", ""),
    "store that a fallen call made stays":
        ("ledger", END, "\t\telse if (entry.kind == LEDGER_PAGE_STORE)\n"
         "\t\t\tledger_destroy_store(service, entry);\n", ""),
    "block is given back twice":
        ("ledger", END, "\t\tif (entry.kind == LEDGER_HEAP)\n",
         "\t\tif (entry.kind == LEDGER_HEAP)\n\t\t\tledger_free_block(service, entry);\n"
         "\t\tif (entry.kind == LEDGER_HEAP)\n"),
    "what a fallen call gave up is freed":
        ("ledger", END, "if (entry.kind == LEDGER_HEAP)", "if (entry.kind != LEDGER_PAGE_STORE)"),
    "first entry is not committed":
        ("ledger", END, "uint32_t i = 0; i < ledger->count", "uint32_t i = 1; i < ledger->count"),
    "what a call allocated is freed when it ends well":
        ("ledger", END, "== LEDGER_HEAP_FREE)", "== LEDGER_HEAP)"),
    "ledger is not emptied when a call ends well":
        ("ledger", END, "\tledger->count = 0;\n", ""),
    "segments may overlap": ("elf", ELF, " || start_of(segment) < end", ""),
    "span ends a page early":
        ("elf", ELF, "end = end_of(segment);", "end = end_of(segment) - PAGE_SIZE;"),
    "span starts where the last segment does":
        ("elf", ELF, "if (end == 0)\n\t\t\t\tstart", "start"),
    "interpreter's name may leave the file":
        ("elf", ELF, "INTERPRETER_MAX &&\n\t       lies_in_file(segment->p_offset, "
         "segment->p_filesz, file_size);", "INTERPRETER_MAX;"),
    "line is read past its end":
        ("script", SCRIPT, "while (end < size && ", "while (end <= size && "),
    "a line of one byte is read": ("script", SCRIPT, "size < 3", "size < 1"),
    "mark is not looked for": ("script", SCRIPT, "line[0] != '#' || ", ""),
    "interpreter's name loses its last byte":
        ("script", SCRIPT, "line, start, stop);", "line, start, stop - 1);"),
    "piece does not end": ("script", SCRIPT, "\tto[length] = '\\0';\n", ""),
    "argument keeps the blanks behind it":
        ("script", SCRIPT, "end > stop && is_blank(line[end - 1])", "0"),
    "name that may run on is taken":
        ("script", SCRIPT, " || (stop == size && size == SCRIPT_LINE_MAX)", ""),
    "another word of the tree is read":
        ("bit_tree", TREE, "return tree->words[tree->start[level] + index];",
         "return tree->words[tree->start[level] + index / 2];"),
    "another bit is tested":
        ("bit_tree", TREE, "], number % WORD_BITS);", "], number % (WORD_BITS - 1));"),
    "levels above do not learn of a member":
        ("bit_tree", TREE, "if (before != 0) {", "if (1) {"),
    "levels above keep what is gone": ("bit_tree", TREE, "if (after != 0) {", "if (1) {"),
    "levels above lose what is left": ("bit_tree", TREE, "if (after != 0) {", "if (0) {"),
    "search does not go on": ("bit_tree", TREE, "\t\tindex++;\n", ""),
    "search goes back in its word":
        ("bit_tree", TREE, "bit_word_from(get_word(tree, level, index), bit)",
         "bit_word_from(get_word(tree, level, index), 0)"),
    "member is toggled": ("bit_tree", WORD, "word | 1UL << bit", "word ^ 1UL << bit"),
    "members move": ("bit_tree", WORD, "word >> bit << bit", "word >> bit"),
    "level has no word to spare":
        ("bit_tree_init", TREE_INIT, "bits / BIT_WORD_BITS + 1",
         "(bits + BIT_WORD_BITS - 1) / BIT_WORD_BITS"),
    "levels overlap":
        ("bit_tree_init", TREE_INIT, "start[3] = first + second", "start[3] = first + first / 2"),
    "last word is not cleared":
        ("bit_tree_init", TREE_INIT, "i < total; i++", "i + 1 < total; i++"),
    "half that is kept becomes free":
        ("buddy", BUDDY, "mark_free(buddy, found, run + 1);", "mark_free(buddy, found, run);"),
    "half that is not kept is lost":
        ("buddy", BUDDY, "mark_free(buddy, found, run + 1);", ""),
    "what is taken stays free": ("buddy", BUDDY, "\tmark_held(buddy, found, run);\n", ""),
    "run of the order below is taken for one that fits":
        ("buddy", BUDDY, "number >= buddy->first[found + 1]", "number > buddy->first[found + 1]"),
    "run is handed out for its first page": ("buddy", BUDDY, "page = run << order;", "page = run;"),
    "run merges with one that is no buddy":
        ("buddy", BUDDY, "mark_held(buddy, order, run ^ 1);", "mark_held(buddy, order, run + 1);"),
    "buddy stays free by itself":
        ("buddy", BUDDY, "mark_held(buddy, order, run ^ 1);", ""),
    "runs merge past the largest": ("buddy", BUDDY, "order < BUDDY_ORDER_MAX &&", "1 &&"),
    "largest run is not looked at":
        ("buddy", BUDDY, "order <= BUDDY_ORDER_MAX; order++) {",
         "order < BUDDY_ORDER_MAX; order++) {"),
    "orders share a number":
        ("buddy_init", BUDDY_INIT, "(page_count >> below) + 1;", "page_count >> below;"),
    "range goes a page too far":
        ("buddy_init", BUDDY_INIT, "end - first >= 1U", "end - first + 1 >= 1U"),
    "run of the range is not aligned":
        ("buddy_init", BUDDY_INIT, "first % (1U << (order + 1)) == 0 &&", "1 &&"),
    "page between two runs is lost":
        ("buddy_init", BUDDY_INIT, "first += 1U << order;", "first += (1U << order) + 1;"),
    "device names a descriptor behind the last":
        ("virtqueue", QUEUE, "if (id >= queue->size)", "if (id > queue->size)"),
    "device gives back what it was not lent":
        ("virtqueue", QUEUE, "!set_has(chain->members, id) || ", ""),
    "device wrote more than it was lent":
        ("virtqueue", QUEUE, " || size > chain->writable", ""),
    "device's word is read again":
        ("virtqueue", QUEUE, "*head = (uint16_t)id;", "*head = (uint16_t)said->id;"),
    "chain is given back again":
        ("virtqueue", QUEUE, "\tend_chain(&queue->chains[id]);\n", ""),
    "chain's first descriptor alone is free again":
        ("virtqueue", QUEUE, "set_union(queue->free, queue->chains[id].members)",
         "set_with(queue->free, (uint16_t)id)"),
    "answer is not passed over": ("virtqueue", QUEUE, "\tqueue->used++;\n", ""),
    "used ring has no end":
        ("virtqueue", QUEUE, "used.ring[queue->used % queue->size]", "used.ring[queue->used]"),
    "what is lent stays free":
        ("virtqueue", QUEUE, "\tqueue->free = set_minus(queue->free, members);\n", ""),
    "descriptor is twice in a chain":
        ("virtqueue", QUEUE, "\t\tleft = set_without(left, at);\n", ""),
    "available ring has no end":
        ("virtqueue", QUEUE, "available.ring[queue->available % queue->size]",
         "available.ring[queue->available]"),
    "device may write what it is to read":
        ("virtqueue", QUEUE, "segment->from_device ? DESCRIPTOR_WRITE : 0", "DESCRIPTOR_WRITE"),
    "what the device may only read counts as writable":
        ("virtqueue", QUEUE, "\t\tif (segments[i].from_device)\n\t", ""),
    "chain that is too long is lent":
        ("virtqueue", QUEUE, " || !set_has(members, head)", ""),
    "other half of a set is looked at":
        ("descriptor_set", SET, "bit_word_test(set.high, ", "bit_word_test(set.low, "),
    "first of the other half is too small":
        ("descriptor_set", SET, "(BIT_WORD_BITS + bit_word_first(set.high))",
         "bit_word_first(set.high)"),
    "union is an intersection":
        ("descriptor_set", SET, "set.high | other.high", "set.high & other.high"),
    "difference is a symmetric one":
        ("descriptor_set", SET, "set.low & ~other.low", "set.low ^ other.low"),
}
