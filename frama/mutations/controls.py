# SPDX-License-Identifier: MIT
"""Changes that mean the same, one for each target: their proof must still be found, or a failed
proof would say nothing."""
from code_changes import (BUDDY, BUDDY_INIT, CHECK, COPY, ELF, LEDGER, MINT, NEWC, QUEUE, RANGE,
                          REVOKE, SCRIPT, SET, SOUND, SPLIT, TREE_INIT, WORD)
from test_flow import CONTENTS, DESTROY

CHANGES = {
    "comparisons in another order":
        ("validation", CHECK, "return live_first | nonce |", "return nonce | live_first |"),
    "generation as a sum the other way round":
        ("minting", MINT, "entry->last + 1", "1 + entry->last"),
    "end of the loop as an inequality":
        ("revocation", REVOKE, "for (slot = 0; slot < CAP_TABLE_SLOTS;",
         "for (slot = 0; slot != CAP_TABLE_SLOTS;"),
    "soundness as a negation":
        ("table", SOUND, "if (live > cap_load_relaxed(&cap_table[slot].last))",
         "if (!(live <= cap_load_relaxed(&cap_table[slot].last)))"),
    "range as two negations":
        ("access_ok", RANGE, "return size <= USER_LIMIT && addr <= USER_LIMIT - size;",
         "return !(size > USER_LIMIT || addr > USER_LIMIT - size);"),
    "copy's failure first":
        ("user_copy", COPY, "return user_copy_out(to, from, size) == 0 ? 0 : -EFAULT;",
         "return user_copy_out(to, from, size) != 0 ? -EFAULT : 0;"),
    "file's end on the left":
        ("elf", ELF, "offset <= file_size - size;", "file_size - size >= offset;"),
    "archive's end on the left":
        ("newc", NEWC, "if (name_size > reader->size - name)",
         "if (reader->size - name < name_size)"),
    "longest name as a bound":
        ("path_split", SPLIT, "length == PATH_NAME_MAX", "length >= PATH_NAME_MAX"),
    "full ledger as a bound":
        ("ledger", LEDGER, "ledger->count == LEDGER_CALL_ENTRIES",
         "ledger->count >= LEDGER_CALL_ENTRIES"),
    "short line as a bound": ("script", SCRIPT, "size < 3", "size <= 2"),
    "bit on the left": ("bit_tree", WORD, "word | 1UL << bit", "1UL << bit | word"),
    "words as a sum the other way round":
        ("bit_tree_init", TREE_INIT, "bits / BIT_WORD_BITS + 1", "1 + bits / BIT_WORD_BITS"),
    "largest order on the left":
        ("buddy", BUDDY, "order < BUDDY_ORDER_MAX &&", "BUDDY_ORDER_MAX > order &&"),
    "runs as a sum the other way round":
        ("buddy_init", BUDDY_INIT, "(page_count >> below) + 1;", "1 + (page_count >> below);"),
    "token through a local":
        (f"flow:{CONTENTS}", CONTENTS, DESTROY, "CAP(page_alloc) cap = tmpfs_rights.pages;\n\n"
         "\tcore_store_destroy(cap, object);"),
    "device's bound as a negation":
        ("virtqueue", QUEUE, "if (id >= queue->size)", "if (!(id < queue->size))"),
    "union the other way round":
        ("descriptor_set", SET, "set.low | other.low", "other.low | set.low"),
}
