/* SPDX-License-Identifier: MIT */
#include <kernel/mm/space_writer.h>

#include <arch/mmu.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/vmspace.h>

void writer_start(struct space_writer *writer, struct vmspace *space, uint64_t address)
{
	writer->space = space;
	writer->address = address;
	writer->page = NULL;
	writer->error = 0;
}

/* The page under address, brought in; NULL with the error set. Nobody else uses the space, so
 * that the page stays once it is mapped. */
static char *current_page(struct space_writer *writer)
{
	unsigned int protection;
	paddr_t page;

	if (writer->page != NULL || writer->error != 0)
		return writer->error == 0 ? writer->page : NULL;
	writer->error = vmspace_fault(writer->space, writer->address, FAULT_WRITE);
	if (writer->error != 0)
		return NULL;
	if (!mmu_lookup(writer->space->root, PAGE_ALIGN_DOWN(writer->address), &page,
	                &protection)) {
		writer->error = -EFAULT;
		return NULL;
	}
	writer->page = phys_to_virt(page);
	return writer->page;
}

/* One page's part of a longer write: where to put it and how much; 0 at the end or on errors. */
static uint64_t next_piece(struct space_writer *writer, uint64_t left, char **to)
{
	uint64_t offset = writer->address % PAGE_SIZE, room = PAGE_SIZE - offset;
	char *page;

	if (left == 0)
		return 0;
	page = current_page(writer);
	if (page == NULL)
		return 0;
	*to = page + offset;
	return left < room ? left : room;
}

static void advance(struct space_writer *writer, uint64_t size)
{
	writer->address += size;
	if (writer->address % PAGE_SIZE == 0)
		writer->page = NULL;
}

void writer_put(struct space_writer *writer, const void *data, uint64_t size)
{
	const char *from = data;
	uint64_t piece;
	char *to;

	while ((piece = next_piece(writer, size, &to)) > 0) {
		memcpy(to, from, piece);
		advance(writer, piece);
		from += piece;
		size -= piece;
	}
}

void writer_put_word(struct space_writer *writer, uint64_t word)
{
	writer_put(writer, &word, sizeof(word));
}

void writer_clear(struct space_writer *writer, uint64_t size)
{
	uint64_t piece;
	char *to;

	while ((piece = next_piece(writer, size, &to)) > 0) {
		memset(to, 0, piece);
		advance(writer, piece);
		size -= piece;
	}
}

int writer_finish(const struct space_writer *writer)
{
	return writer->error;
}
