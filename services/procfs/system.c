/* SPDX-License-Identifier: MIT
 *
 * Files about the machine (proc(5)): what free, uptime, top, mount and df read.
 */
#include <cpuid.h>

#include <kernel/block/block.h>
#include <kernel/lib/string.h>
#include <kernel/vfs/inotify_limits.h>
#include <services/procfs/procfs.h>

#define NS_PER_SECOND    1000000000UL
#define NS_PER_HUNDREDTH 10000000UL
#define KIB_PER_PAGE     4UL

void procfs_print_meminfo(struct procfs_text *text)
{
	struct system_info system;
	uint64_t free_kib, cached_kib;

	core_system_info(&system);
	free_kib = system.pages_free * KIB_PER_PAGE;
	cached_kib = system.pages_of_stores * KIB_PER_PAGE;
	procfs_print(text, "MemTotal:       %8lu kB\n", system.pages_total * KIB_PER_PAGE);
	procfs_print(text, "MemFree:        %8lu kB\n", free_kib);
	procfs_print(text, "MemAvailable:   %8lu kB\n", free_kib);
	procfs_print(text, "Buffers:        %8lu kB\n", 0UL);
	procfs_print(text, "Cached:         %8lu kB\n", cached_kib);
	procfs_print(text, "SwapCached:     %8lu kB\n", 0UL);
	procfs_print(text, "SwapTotal:      %8lu kB\n", 0UL);
	procfs_print(text, "SwapFree:       %8lu kB\n", 0UL);
	procfs_print(text, "AnonPages:      %8lu kB\n", system.pages_of_processes * KIB_PER_PAGE);
	/* The files of a tmpfs cannot be written back: Linux counts them as shared memory. */
	procfs_print(text, "Shmem:          %8lu kB\n", cached_kib);
	procfs_print(text, "SReclaimable:   %8lu kB\n", 0UL);
}

static void print_hundredths(struct procfs_text *text, uint64_t ns)
{
	procfs_print(text, "%lu.%02lu", ns / NS_PER_SECOND, ns % NS_PER_SECOND / NS_PER_HUNDREDTH);
}

void procfs_print_uptime(struct procfs_text *text)
{
	struct system_info system;

	core_system_info(&system);
	print_hundredths(text, system.uptime);
	procfs_print(text, " ");
	print_hundredths(text, system.idle_time);
	procfs_print(text, "\n");
}

/* No averages are kept: what runs right now stands for all three. */
void procfs_print_loadavg(struct procfs_text *text)
{
	struct system_info system;

	core_system_info(&system);
	procfs_print(text, "%u.00 %u.00 %u.00 %u/%u %u\n", system.running, system.running,
	             system.running, system.running, system.processes, system.last_process);
}

static void print_cpu_times(struct procfs_text *text, const struct system_info *system,
                            uint64_t share)
{
	procfs_print(text, " %lu 0 %lu %lu 0 0 0 0 0 0\n", system->user_ticks / share,
	             system->kernel_ticks / share, system->idle_ticks / share);
}

void procfs_print_stat(struct procfs_text *text)
{
	struct system_info system;

	core_system_info(&system);
	procfs_print(text, "cpu ");
	print_cpu_times(text, &system, 1);
	/* Times are kept for all CPUs together. */
	for (unsigned int i = 0; i < system.cpus; i++) {
		procfs_print(text, "cpu%u", i);
		print_cpu_times(text, &system, system.cpus);
	}
	procfs_print(text, "intr %lu\n", system.interrupts);
	procfs_print(text, "ctxt %lu\n", system.context_switches);
	procfs_print(text, "btime %lu\n", system.boot_wall / NS_PER_SECOND);
	procfs_print(text, "processes %lu\n", system.forks);
	procfs_print(text, "procs_running %u\n", system.running);
	procfs_print(text, "procs_blocked 0\n");
}

/* A string of four-byte registers that CPUID answers (Intel SDM vol. 2A, CPUID). */
static void vendor_of_cpu(char vendor[13])
{
	uint32_t eax, ebx = 0, ecx = 0, edx = 0;

	__cpuid(0, eax, ebx, ecx, edx);
	memcpy(vendor, &ebx, 4);
	memcpy(vendor + 4, &edx, 4);
	memcpy(vendor + 8, &ecx, 4);
	vendor[12] = '\0';
}

static void model_of_cpu(char model[49])
{
	memset(model, 0, 49);
	for (uint32_t i = 0; i < 3; i++) {
		uint32_t registers[4] = {0};

		__cpuid(0x80000002U + i, registers[0], registers[1], registers[2], registers[3]);
		memcpy(model + i * sizeof(registers), registers, sizeof(registers));
	}
}

void procfs_print_cpuinfo(struct procfs_text *text)
{
	struct system_info system;
	char vendor[13], model[49];

	core_system_info(&system);
	vendor_of_cpu(vendor);
	model_of_cpu(model);
	for (unsigned int i = 0; i < system.cpus; i++)
		procfs_print(text, "processor\t: %u\nvendor_id\t: %s\nmodel name\t: %s\n\n", i,
		             vendor, model);
}

/* As uname(2) answers. */
#define OS_TYPE    "Linux"
#define OS_RELEASE "6.1.0-aramid"
#define OS_VERSION "#1 SMP Aramid"

void procfs_print_version(struct procfs_text *text)
{
	procfs_print(text, OS_TYPE " version " OS_RELEASE " (Aramid) #1 SMP\n");
}

void procfs_print_ostype(struct procfs_text *text)
{
	procfs_print(text, OS_TYPE "\n");
}

void procfs_print_osrelease(struct procfs_text *text)
{
	procfs_print(text, OS_RELEASE "\n");
}

void procfs_print_osversion(struct procfs_text *text)
{
	procfs_print(text, OS_VERSION "\n");
}

void procfs_print_pid_max(struct procfs_text *text)
{
	procfs_print(text, "%d\n", PROCFS_PROCESS_ID_MAX);
}

void procfs_print_ngroups_max(struct procfs_text *text)
{
	procfs_print(text, "65536\n");
}

/* What can never be there is refused, nothing else is counted (proc(5), heuristic overcommit). */
void procfs_print_overcommit(struct procfs_text *text)
{
	procfs_print(text, "0\n");
}

void procfs_print_queued_events(struct procfs_text *text)
{
	procfs_print(text, "%u\n", INOTIFY_QUEUED_EVENTS_MAX);
}

void procfs_print_inotify_instances(struct procfs_text *text)
{
	procfs_print(text, "%u\n", INOTIFY_INSTANCES_MAX);
}

void procfs_print_inotify_watches(struct procfs_text *text)
{
	procfs_print(text, "%u\n", INOTIFY_WATCHES_MAX);
}

/* Without a disk nothing is paged in or out. */
void procfs_print_vmstat(struct procfs_text *text)
{
	struct system_info system;

	core_system_info(&system);
	procfs_print(text,
	             "nr_free_pages %lu\nnr_anon_pages %lu\nnr_file_pages %lu\nnr_shmem %lu\n",
	             system.pages_free, system.pages_of_processes, system.pages_of_stores,
	             system.pages_of_stores);
	procfs_print(text, "pgpgin 0\npgpgout 0\npswpin 0\npswpout 0\n");
}

void procfs_print_filesystems(struct procfs_text *text)
{
	struct service_info service;

	for (unsigned int i = 0; core_service_info(i, &service) == 0; i++)
		if (service.file_system)
			procfs_print(text, "%s\t%s\n", service.file_system, service.name);
}

void procfs_print_cmdline(struct procfs_text *text)
{
	struct system_info system;

	core_system_info(&system);
	procfs_print(text, "%s\n", system.command_line);
}

/* The next field of a line of /proc/mounts, ended with NUL; *at moves behind it. */
static char *next_field(char **at)
{
	char *field = *at;

	while (**at != ' ' && **at != '\n' && **at != '\0')
		++*at;
	if (**at != '\0')
		*(*at)++ = '\0';
	return field;
}

/* As st_dev has it: of a disk /dev/vdX, or of a service, which is numbered as it is mounted. */
static void print_device(struct procfs_text *text, const char *source, unsigned int number)
{
	uint32_t device = number;

	if (strncmp(source, "/dev/vd", 7) == 0)
		device = DISK_DEVICE((uint32_t)(source[7] - 'a'));
	procfs_print(text, "%u:%u", device >> 8, device & 0xff);
}

/* Mounts are numbered in their order; all but the first lie in the first. */
void procfs_print_mountinfo(struct procfs_text *text)
{
	char lines[1024], *at = lines;
	long length = core_mounts(lines, sizeof(lines) - 1);

	if (length < 0)
		return;
	lines[length] = '\0';
	for (unsigned int number = 1; *at != '\0'; number++) {
		const char *source = next_field(&at), *path = next_field(&at);
		const char *type = next_field(&at), *options = next_field(&at);

		procfs_print(text, "%u %u ", number, number == 1 ? 0 : 1);
		print_device(text, source, number);
		procfs_print(text, " / %s %s - %s %s %s\n", path, options, type, source,
		             strncmp(options, "ro", 2) == 0 ? "ro" : "rw");
		next_field(&at); /* for dump(8) */
		next_field(&at); /* for fsck(8) */
	}
}

void procfs_print_mounts(struct procfs_text *text)
{
	char lines[1024];
	long length = core_mounts(lines, sizeof(lines));

	if (length > 0)
		procfs_print_bytes(text, lines, (size_t)length);
}
