/* SPDX-License-Identifier: MIT
 *
 * PVH start_info, version 1 (xen/include/public/arch-x86/hvm/start_info.h).
 */
#include <arch/boot_info.h>
#include <arch/image.h>
#include <kernel/lib/string.h>
#include <kernel/log/log.h>

#define START_MAGIC 0x336ec578
#define MAP_RAM     1
#define MAP_MAX     128

struct start_info {
	uint32_t magic, version, flags, module_count;
	uint64_t modules, command_line, rsdp;
	uint64_t memory_map;
	uint32_t memory_map_entries, reserved;
};

struct start_module {
	uint64_t address, size, command_line, reserved;
};

struct start_map_entry {
	uint64_t address, size;
	uint32_t type, reserved;
};

struct boot_info boot_info;

static void read_map(const struct start_info *info)
{
	const struct start_map_entry *map = phys_to_virt(info->memory_map);

	for (unsigned int i = 0; i < info->memory_map_entries && i < MAP_MAX; i++) {
		struct memory_range range = {
		        PAGE_ALIGN_UP(map[i].address),
		        PAGE_ALIGN_DOWN(map[i].address + map[i].size),
		};

		/* microvm ends its map with an empty entry. */
		if (map[i].type == MAP_RAM && range.start < range.end &&
		    boot_info.ram_count < BOOT_RAM_MAX)
			boot_info.ram[boot_info.ram_count++] = range;
	}
}

void boot_info_read(void)
{
	extern uint32_t boot_start_info_high[] __asm__("boot_start_info");
	const struct start_info *info =
	        phys_to_virt(*(uint32_t *)phys_to_virt((paddr_t)boot_start_info_high));

	if (info->magic != START_MAGIC)
		panic("not booted through PVH (magic %x)", info->magic);
	read_map(info);
	boot_info.rsdp = info->rsdp;
	if (info->command_line)
		string_copy(boot_info.command_line, phys_to_virt(info->command_line),
		            BOOT_COMMAND_MAX);
	if (info->module_count) {
		const struct start_module *module = phys_to_virt(info->modules);

		boot_info.initramfs.start = module->address;
		boot_info.initramfs.end = module->address + module->size;
	}
}

/* Take [cut.start, cut.end) out of the ranges. */
static unsigned int cut_out(struct memory_range *ranges, unsigned int count, unsigned int max,
                            struct memory_range cut)
{
	for (unsigned int i = 0; i < count; i++) {
		struct memory_range *r = &ranges[i];

		if (cut.start >= r->end || cut.end <= r->start)
			continue;
		if (cut.start > r->start && cut.end < r->end && count < max) {
			memmove(r + 2, r + 1, (count - i - 1) * sizeof(*r));
			r[1] = (struct memory_range){cut.end, r->end};
			r->end = cut.start;
			count++;
		} else if (cut.start > r->start) {
			r->end = cut.start;
		} else if (cut.end < r->end) {
			r->start = cut.end;
		} else {
			memmove(r, r + 1, (count - i - 1) * sizeof(*r));
			count--;
			i--;
		}
	}
	return count;
}

struct memory_range boot_info_archive(void)
{
	return (struct memory_range){PAGE_ALIGN_DOWN(boot_info.initramfs.start),
	                             PAGE_ALIGN_UP(boot_info.initramfs.end)};
}

unsigned int boot_info_usable(struct memory_range *ranges, unsigned int max)
{
	const struct memory_range taken[] = {
	        {0, 1UL << 20},
	        {PAGE_ALIGN_DOWN((uint64_t)image_begin - KERNEL_IMAGE_BASE),
	         PAGE_ALIGN_UP((uint64_t)image_end - KERNEL_IMAGE_BASE)},
	        boot_info_archive(),
	};
	unsigned int count = 0;

	for (; count < boot_info.ram_count && count < max; count++)
		ranges[count] = boot_info.ram[count];
	for (unsigned int i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (taken[i].end > taken[i].start)
			count = cut_out(ranges, count, max, taken[i]);
	return count;
}

/* Where an option's word starts, or NULL. */
static const char *find_option(const char *name)
{
	size_t length = strlen(name);

	for (const char *at = boot_info.command_line; *at;) {
		size_t word = 0;

		while (at[word] && at[word] != ' ')
			word++;
		if (word >= length && !strncmp(at, name, length) &&
		    (word == length || at[length] == '='))
			return at;
		at += word;
		while (*at == ' ')
			at++;
	}
	return NULL;
}

bool boot_option(const char *name)
{
	return find_option(name) != NULL;
}

bool boot_option_value(const char *name, char *value, unsigned int size)
{
	const char *at = find_option(name);
	unsigned int length = 0;

	if (!at || at[strlen(name)] != '=')
		return false;
	at += strlen(name) + 1;
	while (at[length] && at[length] != ' ' && length + 1 < size) {
		value[length] = at[length];
		length++;
	}
	value[length] = '\0';
	return true;
}
