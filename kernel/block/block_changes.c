/* SPDX-License-Identifier: MIT
 *
 * Notes of old bytes, one behind the other in pages that are kept for the next call.
 */
#include <kernel/block/block_changes.h>
#include <kernel/block/disk.h>
#include <kernel/boundary/service.h>
#include <kernel/lib/errno.h>
#include <kernel/lib/string.h>
#include <kernel/mm/page_alloc.h>

/* Pages of notes that stay from call to call. */
#define SHEETS_KEPT 1u

struct note {
	struct note *before; /* noted earlier */
	struct block_page *page;
	uint32_t offset, size; /* size 0: the page was nothing, and goes again */
	uint8_t old[];
};

/* A page of notes. */
struct sheet {
	struct sheet *below;
	uint64_t used; /* bytes, this header among them */
};

struct block_changes {
	struct note *last;
	struct sheet *sheet;
	uint32_t sheets;
	bool seals;
	uint32_t sealed_disk;
};

int block_changes_create(struct service *service)
{
	service->changes = heap_alloc(&core_heap, sizeof(*service->changes));
	return service->changes ? 0 : -ENOMEM;
}

static struct sheet *add_sheet(struct block_changes *changes)
{
	paddr_t page = page_alloc(core_rights.pages, 0);
	struct sheet *sheet = page ? phys_to_virt(page) : NULL;

	if (!sheet)
		return NULL;
	*sheet = (struct sheet){.below = changes->sheet, .used = sizeof(*sheet)};
	changes->sheet = sheet;
	changes->sheets++;
	return sheet;
}

/* Room for a note with so many old bytes, which lie in one sheet. */
static struct note *add_note(struct block_changes *changes, uint64_t size)
{
	uint64_t room = (sizeof(struct note) + size + 7) & ~7UL;
	struct sheet *sheet = changes->sheet;
	struct note *note;

	if (!sheet || sheet->used + room > PAGE_SIZE)
		sheet = add_sheet(changes);
	if (!sheet)
		return NULL;
	note = (struct note *)((char *)sheet + sheet->used);
	sheet->used += room;
	note->before = changes->last;
	changes->last = note;
	return note;
}

static int note_bytes(struct block_changes *changes, struct block_page *page, uint64_t offset,
                      uint64_t size)
{
	struct note *note = add_note(changes, size);

	if (!note)
		return -ENOMEM;
	note->page = page;
	note->offset = (uint32_t)offset;
	note->size = (uint32_t)size;
	memcpy(note->old, (char *)block_page_bytes(page) + offset, size);
	return 0;
}

/* What one sheet holds of old bytes. */
#define PIECE (PAGE_SIZE / 2)

int block_changes_note(const struct service *service, struct block_page *page, uint64_t offset,
                       uint64_t size, bool made)
{
	struct block_changes *changes = service->changes;
	int error = 0;

	if (made)
		return note_bytes(changes, page, 0, 0);
	for (uint64_t done = 0, piece; !error && done < size; done += piece) {
		piece = size - done < PIECE ? size - done : PIECE;
		error = note_bytes(changes, page, offset + done, piece);
	}
	return error;
}

void block_changes_seal(const struct service *service, uint32_t disk)
{
	service->changes->seals = true;
	service->changes->sealed_disk = disk;
}

static void undo(const struct note *note) REQUIRES_LOCK(block_cache_lock)
{
	for (; note; note = note->before)
		if (note->size)
			memcpy((char *)block_page_bytes(note->page) + note->offset, note->old,
			       note->size);
		else
			block_page_drop(note->page);
}

static void forget(struct block_changes *changes)
{
	changes->last = NULL;
	changes->seals = false;
	while (changes->sheets > SHEETS_KEPT) {
		struct sheet *top = changes->sheet;

		changes->sheet = top->below;
		changes->sheets--;
		page_put(core_rights.pages, virt_to_phys(top));
	}
	if (changes->sheet)
		changes->sheet->used = sizeof(*changes->sheet);
}

void block_changes_end(const struct service *service, bool keep)
{
	struct block_changes *changes = service->changes;

	if (!changes->last && !changes->seals)
		return;
	mutex_lock(&block_cache_lock);
	if (!keep)
		undo(changes->last);
	else if (changes->seals)
		block_cache_seal(changes->sealed_disk);
	mutex_unlock(&block_cache_lock);
	forget(changes);
}
