# SPDX-License-Identifier: MIT
"""prove fails on each of a table of bugs seeded into a copy of the tree."""
import os
import shutil
import subprocess

import pytest

HERE = os.path.dirname(os.path.realpath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

CHECK, MINT, REVOKE = "caps/src/check.c", "caps/src/mint.c", "caps/src/revoke.c"
RANGE = "kernel/mm/user_range.h"
ELF, NEWC = "kernel/mm/elf.c", "kernel/vfs/newc.c"
SCRIPT, WORD = "kernel/mm/script.c", "kernel/lib/bit_word.h"
TREE, TREE_INIT = "kernel/mm/bit_tree.c", "kernel/mm/bit_tree_init.c"
BUDDY, BUDDY_INIT = "kernel/mm/buddy.c", "kernel/mm/buddy_init.c"
SPLIT, LEDGER = "kernel/vfs/path_split.c", "kernel/boundary/ledger_list.h"

# The bug, the target, the file, what stands there, and what the bug makes of it.
BUGS = {
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
    "segments may overlap": ("elf", ELF, " || start_of(segment) < end", ""),
    "span ends a page early":
        ("elf", ELF, "end = end_of(segment);", "end = end_of(segment) - PAGE_SIZE;"),
    "span starts where the last segment does":
        ("elf", ELF, "if (end == 0)\n\t\t\t\tstart", "start"),
    "interpreter's name may leave the file":
        ("elf", ELF, "INTERPRETER_MAX &&\n\t       lies_in_file(segment->p_offset, "
         "segment->p_filesz, file_size);", "INTERPRETER_MAX;"),
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
    "line is read past its end":
        ("script", SCRIPT, "while (end < size && ", "while (end <= size && "),
    "a line of two bytes is read": ("script", SCRIPT, "size < 3", "size < 2"),
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
    "entry is not taken off the ledger": ("ledger", LEDGER, "\tledger->count--;\n", ""),
    "ledger overflows":
        ("ledger", LEDGER, "ledger->count == LEDGER_CALL_ENTRIES", "0"),
    "oldest entry is given back first":
        ("ledger", LEDGER, "*entry = ledger->entries[ledger->count];",
         "*entry = ledger->entries[0];"),
    "array product overflows": ("access_ok", RANGE, "count <= USER_LIMIT / size && ", ""),
}


# Proving a changed ELF checker, archive reader or page allocator takes a minute or more each: those
# are the long form (ARAMID_LONG=1), the others run always.
SLOW_TARGETS = ("elf", "newc", "path_split", "bit_tree", "bit_tree_init", "buddy", "buddy_init")
LONG = os.environ.get("ARAMID_LONG") == "1"
BUGS_NOW = [bug for bug, row in BUGS.items() if LONG or row[0] not in SLOW_TARGETS]


def prove(*arguments, environment=None):
    return subprocess.run([os.path.join(ROOT, "frama", "prove"), *arguments],
                          capture_output=True, text=True, env=environment, check=False)


def copy_tree(to):
    for folder in ("annotations", "caps/include", "caps/src", "frama"):
        shutil.copytree(os.path.join(ROOT, folder), to / folder)
    for folder in ("kernel/mm", "kernel/vfs", "kernel/lib", "kernel/boundary",
                   "arch/x86_64/include"):
        shutil.copytree(os.path.join(ROOT, folder), to / folder)


@pytest.mark.parametrize("bug", BUGS_NOW)
def test_a_seeded_bug_is_not_proved(bug, tmp_path):
    target, file, before, after = BUGS[bug]
    copy_tree(tmp_path)
    text = (tmp_path / file).read_text()
    assert before in text
    (tmp_path / file).write_text(text.replace(before, after, 1))
    done = prove(target, "--root", str(tmp_path), "--timeout", "2")
    last = done.stdout.splitlines()[-1].split()
    assert done.returncode == 1
    assert ": error: " in done.stdout, done.stderr
    assert 0 < int(last[1]) < int(last[3])


def test_a_fact_believed_beyond_the_table_is_an_error(tmp_path):
    copy_tree(tmp_path)
    header = tmp_path / RANGE
    header.write_text(header.read_text() + "/*@ axiomatic wrong { axiom a: 0 == 1; } */\n")
    done = prove("access_ok", "--root", str(tmp_path))
    assert done.returncode == 1
    assert "believed, but targets.list does not allow it" in done.stdout


def test_source_that_frama_c_cannot_read_is_not_proved(tmp_path):
    copy_tree(tmp_path)
    (tmp_path / RANGE).write_text("int broken( {\n")
    done = prove("access_ok", "--root", str(tmp_path))
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1] == "proved 0 of 1 goals"


def test_the_report_names_each_function_with_its_file(tmp_path):
    done = prove("access_ok", "--report", str(tmp_path / "report"))
    text = (tmp_path / "report" / "proofs.md").read_text()
    assert done.returncode == 0
    assert "| `kernel/mm/user_range.h` | `user_range_ok` | access_ok |" in text
    assert f"{done.stdout.split()[-4]} of {done.stdout.split()[-2]} goals" in text


def test_an_unchanged_target_is_not_proved_again_and_a_changed_one_is(tmp_path):
    copy_tree(tmp_path)
    assert prove("access_ok", "--root", str(tmp_path)).returncode == 0
    again = prove("access_ok", "--root", str(tmp_path)).stdout
    with open(tmp_path / RANGE, "a", encoding="utf-8") as file:
        file.write("/* changed */\n")
    changed = prove("access_ok", "--root", str(tmp_path)).stdout
    assert "access_ok: unchanged since it was proved" in again
    assert "unchanged" not in changed


def test_an_axiom_that_z3_refutes_over_bit_vectors_is_an_error(tmp_path):
    copy_tree(tmp_path)
    formulas = tmp_path / "frama" / "bits.smt2"
    formulas.write_text(formulas.read_text().replace("#xfffffffffffff000", "#xfffffffffffff001"))
    done = prove("bits", "--root", str(tmp_path))
    assert done.returncode == 1
    assert "axiom page_mask is not proved: sat" in done.stdout


def test_an_unknown_target_is_one_line_and_status_2():
    done = prove("nothing")
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "no target 'nothing'" in done.stderr


def test_a_missing_prover_is_named_with_its_package(tmp_path):
    for tool in ("frama-c", "why3", "cvc4", "gcc", "ocamlfind", "ocamlopt", "python3", "env"):
        os.symlink(shutil.which(tool), tmp_path / tool)
    done = prove("access_ok", environment=dict(os.environ, PATH=str(tmp_path)))
    assert done.returncode == 2
    assert done.stderr == "prove: z3 missing: install z3\n"
