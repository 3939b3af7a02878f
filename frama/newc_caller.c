/* SPDX-License-Identifier: MIT
 *
 * The archive reader as kernel/vfs/initramfs.c calls it, on an archive that may hold anything.
 */
#include <kernel/vfs/newc.h>

void read_an_archive(const char *archive, uint64_t size);

/*@ requires size <= NEWC_SIZE_MAX && \valid_read(archive + (0 .. size - 1));
    assigns \nothing; */
void read_an_archive(const char *archive, uint64_t size)
{
	struct newc_reader reader;
	struct newc_member member;

	newc_begin(&reader, archive, size);
	/*@ loop invariant newc_sound(&reader) && reader.start == archive && reader.size == size;
	    loop assigns reader.position, reader.fault, member; */
	while (newc_next(&reader, &member) == NEWC_MEMBER)
		;
}
