/* SPDX-License-Identifier: MIT
 *
 * What is proved of the initramfs reader, for any archive: it reads nothing outside, ends, and
 * what it hands out lies inside.
 */
#define BITS_NEWC
#include "bits.h"
#include <kernel/vfs/newc.h>
#include <stddef.h>

/* More than any machine's memory; what bounds the sums. */
#define NEWC_SIZE_MAX 0x1000000000000

/*@ predicate newc_sound(struct newc_reader *reader) =
      \valid(reader) && reader->position <= reader->size <= NEWC_SIZE_MAX &&
      \valid_read(reader->start + (0 .. reader->size - 1));

    predicate ends_at(char *text, integer end) =
      0 <= end && text[end] == 0 && \valid_read(text + (0 .. end));

    // The name, which ends, and the content lie in the archive.
    predicate newc_lies_within(struct newc_reader *reader, struct newc_member *member) =
      (\exists integer end; ends_at(member->name, end)) &&
      \base_addr(member->name) == \base_addr(reader->start) &&
      \base_addr(member->content) == \base_addr(reader->start) &&
      0 <= member->name - reader->start <= reader->size &&
      0 <= member->content - reader->start &&
      (member->content - reader->start) + member->size <= reader->size; */

/*@ requires \valid(reader) && size <= NEWC_SIZE_MAX;
    requires \valid_read((char *)start + (0 .. size - 1));
    assigns *reader;
    ensures newc_sound(reader);
    ensures reader->start == start && reader->size == size; */
void newc_begin(struct newc_reader *reader, const void *start, uint64_t size);

/*@ requires newc_sound(reader) && \valid(member) && \separated(reader, member);
    requires \separated(reader->start + (0 .. reader->size - 1), reader);
    requires \separated(reader->start + (0 .. reader->size - 1), member);
    assigns reader->position, *member, reader->fault \from *reader, reader->start[0 ..];
    ensures newc_sound(reader);
    ensures reader->position >= \old(reader->position);
    ensures \result == NEWC_MEMBER || \result == NEWC_END || \result == NEWC_CORRUPT;
    ensures \result == NEWC_MEMBER ==> newc_lies_within(reader, member);
    ensures \result == NEWC_END ==> reader->position == reader->size; */
enum newc_result newc_next(struct newc_reader *reader, struct newc_member *member);

/* The kernel's C library, believed: it reads no further than this. The second string is always the
 * trailer's name, of ten characters. */
/*@ requires \valid_read((char *)a + (0 .. size - 1));
    requires \valid_read((char *)b + (0 .. size - 1));
    assigns \result \from ((char *)a)[0 .. size - 1], ((char *)b)[0 .. size - 1]; */
int memcmp(const void *a, const void *b, size_t size);

/*@ requires \exists integer end; ends_at(a, end);
    requires ends_at(b, 10);
    assigns \result \from indirect:a[0 ..], indirect:b[0 ..]; */
int strcmp(const char *a, const char *b);
