/* SPDX-License-Identifier: MIT
 *
 * User memory: what lies where an argument points to, by the argument's name.
 *
 * Where the kernel does not check addresses, each word that it may take for one has at most 46
 * bits: the sum of two is of user space still.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "fuzz.h"

#define USER_BITS   46
#define VECTOR_MOST 8

/* Names in a worker's own directory, where "d" is a directory: the first ones are taken most. */
static const char *const paths[] = {
        "a",
        "b",
        "c",
        "l",
        "d",
        "d/e",
        "d/f",
        "d/../a",
        ".",
        "d/..",
        "a/b",
        "d/",
        "x//y",
        "/dev/null",
        "/dev/zero",
        "/dev/full",
        "/dev/tty",
        "/dev/ptmx",
        "/proc",
        "/proc/self",
        "/proc/self/stat",
        "",
        "/proc/self/maps",
        "/proc/self/fd",
        "/proc/self/fd/0",
        "/proc/self/cwd",
        "/proc/1/cmdline",
        "/proc/meminfo",
        "/proc/audit",
        "/proc/services",
        "/none/at/all",
        "user.name",
        "system.posix_acl_access",
};
#define OWN_PATHS 8

/* What the whole system needs: only for those who may not change it. Nothing that leads to where
 * they may leave files behind. */
static const char *const common_paths[] = {
        "/", "/proc/self/exe", "/bin/true", "/bin/sh", "/etc/motd",
};

static const char *const random_devices[] = {"/dev/random", "/dev/urandom"};

static uint64_t kept_to_user(const struct maker *maker, uint64_t word)
{
	return maker->unchecked ? word & ((1ul << USER_BITS) - 1) : word;
}

static uint64_t hostile_address(struct maker *maker)
{
	static const uint64_t user[] = {0, 1, 8, 4095, 0x10000, 0x400000, 0x3ffffffff000};
	static const uint64_t beyond[] = {
	        0x7ffffffff000,     0x7fffffffffff,     0x800000000000,
	        0xffff800000000000, 0xffff888000000000, 0xffffffff80100000,
	        0xfffffffffffff000, 0xfffffffffffffff8, 0x4141414141414141,
	};

	if (maker->unchecked || one_in(maker, 2))
		return user[random_below(maker, sizeof(user) / sizeof(user[0]))];
	return beyond[random_below(maker, sizeof(beyond) / sizeof(beyond[0]))];
}

static uint64_t out_address(struct maker *maker)
{
	unsigned int at = random_below(maker, OUT_BYTES - PAGE);

	/* The last bytes before the hole. */
	if (odd_in(maker, 4))
		at = OUT_BYTES - 1 - random_below(maker, 64);
	return (uint64_t)(maker->memory.out + (maker->unchecked ? at & ~7u : at));
}

/* Fresh words; the address of the first. */
static uint64_t *take_words(struct maker *maker, size_t count)
{
	uint64_t *words;

	if ((maker->words_used + count) * sizeof(uint64_t) > WORDS_BYTES)
		maker->words_used = 0;
	words = maker->memory.words + maker->words_used;
	maker->words_used += count;
	return words;
}

static uint64_t any_word(struct maker *maker)
{
	switch (random_below(maker, 8)) {
	case 0:
		return kept_to_user(maker, random_word(maker));
	case 1:
		return out_address(maker);
	case 2:
		return (uint64_t)maker->memory.words;
	case 3:
		return kept_to_user(maker, size_value(maker));
	case 4:
		return (uint32_t)descriptor_value(maker) & 0x3fffffff;
	default:
		return random_below(maker, 10);
	}
}

static uint64_t shape_any(struct maker *maker)
{
	uint64_t *words = take_words(maker, 32);

	for (unsigned int i = 0; i < 32; i++)
		words[i] = any_word(maker);
	return (uint64_t)words;
}

static uint64_t shape_vector(struct maker *maker)
{
	uint64_t *words = take_words(maker, 2 * VECTOR_MOST);

	for (unsigned int i = 0; i < VECTOR_MOST; i++) {
		words[2 * i] = odd_in(maker, 6) ? hostile_address(maker) : out_address(maker);
		words[2 * i + 1] = kept_to_user(maker, size_value(maker));
	}
	return (uint64_t)words;
}

/* Two pairs of seconds and nanoseconds: short times, so that a call returns. */
static uint64_t shape_times(struct maker *maker)
{
	uint64_t *words = take_words(maker, 4);

	for (unsigned int i = 0; i < 4; i += 2) {
		words[i] = odd_in(maker, 4) ? any_word(maker) : 0;
		words[i + 1] = odd_in(maker, 4) ? any_word(maker) : random_below(maker, 3000000);
	}
	return (uint64_t)words;
}

/* Signals or descriptors: some bits. */
static uint64_t shape_set(struct maker *maker)
{
	uint64_t *words = take_words(maker, 16);

	for (unsigned int i = 0; i < 16; i++)
		words[i] = kept_to_user(maker, random_word(maker) & random_word(maker));
	return (uint64_t)words;
}

static uint64_t shape_descriptors(struct maker *maker)
{
	uint64_t *words = take_words(maker, 64);

	for (unsigned int i = 0; i < 64; i++)
		words[i] = ((uint64_t)random_below(maker, 0x40) << 32) |
		           ((uint32_t)descriptor_value(maker));
	return (uint64_t)words;
}

static uint64_t shape_how(struct maker *maker)
{
	uint64_t *words = take_words(maker, 8);

	memset(words, 0, 8 * sizeof(*words));
	words[0] = (1ul << random_below(maker, 24)) & random_word(maker);
	words[1] = one_in(maker, 4) ? 0644 : 0;
	words[2] = odd_in(maker, 2) ? any_word(maker) : random_below(maker, 64);
	words[3 + random_below(maker, 4)] = odd_in(maker, 3) ? 1 : 0;
	return (uint64_t)words;
}

static uint64_t shape_clone_arguments(struct maker *maker)
{
	uint64_t *words = take_words(maker, 16);

	memset(words, 0, 16 * sizeof(*words));
	for (unsigned int n = random_below(maker, 5); n > 0; n--)
		words[0] |= 1ul << (8 + random_below(maker, 26));
	words[4] = odd_in(maker, 4) ? any_word(maker) : SIGCHLD;
	if (one_in(maker, 2)) {
		words[5] = (uint64_t)maker->memory.out;
		words[6] = OUT_BYTES - PAGE;
	}
	for (unsigned int i = 1; i < 4; i++)
		words[i] = out_address(maker) & ~7ul;
	if (odd_in(maker, 2))
		words[random_below(maker, 11)] = any_word(maker);
	return (uint64_t)words;
}

static uint64_t shape_strings(struct maker *maker)
{
	uint64_t *words = take_words(maker, 8);

	for (unsigned int i = 0; i < 8; i++)
		words[i] = odd_in(maker, 6) ? hostile_address(maker) : path_value(maker);
	words[random_below(maker, 8)] = 0;
	words[7] = 0;
	return (uint64_t)words;
}

static void handle(int number)
{
	(void)number;
}

void fuzz_restore(void);

static uint64_t shape_action(struct maker *maker)
{
	uint64_t *words = take_words(maker, 4);
	uint64_t handlers[] = {0,
	                       1,
	                       (uint64_t)handle,
	                       (uint64_t)handle,
	                       kept_to_user(maker, 7),
	                       out_address(maker)};

	words[0] = handlers[random_below(maker, 6)];
	words[1] = 0x04000000 | (random_word(maker) & random_word(maker) & 0x58000007);
	words[2] = (uint64_t)fuzz_restore;
	words[3] = kept_to_user(maker, random_word(maker) & random_word(maker));
	return (uint64_t)words;
}

static uint64_t shape_event(struct maker *maker)
{
	uint64_t *words = take_words(maker, 2);

	words[0] = (random_word(maker) & (EPOLLIN | EPOLLOUT | EPOLLHUP | EPOLLPRI)) |
	           (one_in(maker, 4) ? EPOLLONESHOT : 0) | (one_in(maker, 4) ? 1u << 28 : 0);
	words[1] = random_below(maker, 100);
	return (uint64_t)words;
}

static uint64_t shape_limit(struct maker *maker)
{
	uint64_t *words = take_words(maker, 2);

	words[0] = kept_to_user(maker, size_value(maker));
	words[1] = one_in(maker, 2) ? words[0] : kept_to_user(maker, size_value(maker));
	return (uint64_t)words;
}

/* struct flock, and whatever an ioctl reads. */
static uint64_t shape_lock(struct maker *maker)
{
	uint64_t *words = take_words(maker, 16);

	memset(words, 0, 16 * sizeof(*words));
	words[0] = random_below(maker, 4) | ((uint64_t)random_below(maker, 4) << 16);
	words[1] = odd_in(maker, 4) ? any_word(maker) : random_below(maker, 100);
	words[2] = odd_in(maker, 4) ? any_word(maker) : random_below(maker, 100);
	words[3] = one_in(maker, 8) ? (uint64_t)process_value(maker) & 0x3fffffff : 0;
	return (uint64_t)words;
}

/* A small number, or such memory. */
static uint64_t shape_argument(struct maker *maker)
{
	return one_in(maker, 2) ? random_below(maker, 70) : shape_lock(maker);
}

static uint64_t shape_stack(struct maker *maker)
{
	uint64_t *words = take_words(maker, 3);

	words[0] = (uint64_t)maker->memory.out + PAGE;
	words[1] = one_in(maker, 4) ? random_below(maker, 4) : 0;
	words[2] = odd_in(maker, 2) ? any_word(maker) : 3 * PAGE;
	return (uint64_t)words;
}

static uint64_t shape_offset(struct maker *maker)
{
	uint64_t *words = take_words(maker, 1);

	words[0] = odd_in(maker, 3) ? any_word(maker) : random_below(maker, 10000);
	return (uint64_t)words;
}

static uint64_t shape_shared(struct maker *maker)
{
	return (uint64_t)(maker->memory.shared + random_below(maker, 8));
}

static uint64_t shape_map(struct maker *maker)
{
	uint64_t at = (uint64_t)maker->memory.map +
	              (uint64_t)random_below(maker, MAP_BYTES / PAGE) * PAGE;

	return one_in(maker, 16) && !maker->unchecked ? at + random_below(maker, PAGE) : at;
}

static uint64_t shape_new_stack(struct maker *maker)
{
	return one_in(maker, 2) ? 0 : (uint64_t)maker->memory.out + OUT_BYTES - PAGE;
}

/* A path of the worker's own directory, an abstract name that all workers have, or none. */
static uint64_t shape_socket_address(struct maker *maker)
{
	static const char *const names[] = {"s", "t", "s", "a", "d/s"};
	uint64_t *words = take_words(maker, 16);
	struct sockaddr_un *name = (struct sockaddr_un *)words;

	memset(words, 0, 16 * sizeof(*words));
	name->sun_family = odd_in(maker, 6) ? (sa_family_t)random_below(maker, 20) : AF_UNIX;
	if (one_in(maker, 3))
		name->sun_path[1] = (char)('a' + random_below(maker, 4));
	else
		strcpy(name->sun_path, names[random_below(maker, sizeof(names) / sizeof(names[0]))]);
	return (uint64_t)words;
}

static uint64_t shape_room(struct maker *maker)
{
	uint64_t *words = take_words(maker, 1);

	words[0] = odd_in(maker, 4) ? any_word(maker) : random_below(maker, 200);
	return (uint64_t)words;
}

/* Control messages: descriptors, or who one says that one is; the size of them all. */
static uint64_t *make_control(struct maker *maker, uint64_t *size)
{
	uint64_t *words = take_words(maker, 16), type = 1 + random_below(maker, 2);
	unsigned int count = 1 + random_below(maker, 8);

	memset(words, 0, 16 * sizeof(*words));
	words[0] = 16 + (type == SCM_RIGHTS ? count * sizeof(int) : sizeof(struct ucred));
	words[1] = SOL_SOCKET | type << 32;
	*size = words[0] + random_below(maker, 32);
	for (unsigned int i = 0; i < count; i++)
		((int *)&words[2])[i] = descriptor_value(maker);
	if (type == SCM_CREDENTIALS)
		words[2] = (uint32_t)maker->slot->task;
	if (odd_in(maker, 4))
		words[random_below(maker, 2)] = any_word(maker);
	return words;
}

#define MESSAGE_WORDS 8 /* of a struct mmsghdr, whose first seven are a struct msghdr */

static void make_message(struct maker *maker, uint64_t *words)
{
	memset(words, 0, MESSAGE_WORDS * sizeof(*words));
	if (one_in(maker, 3)) {
		words[0] = shape_socket_address(maker);
		words[1] = one_in(maker, 2) ? sizeof(struct sockaddr_un) : random_below(maker, 140);
	}
	words[2] = odd_in(maker, 8) ? hostile_address(maker) : shape_vector(maker);
	words[3] = odd_in(maker, 8) ? kept_to_user(maker, size_value(maker))
	                            : random_below(maker, VECTOR_MOST + 1);
	if (one_in(maker, 2))
		words[4] = (uint64_t)make_control(maker, &words[5]);
	if (odd_in(maker, 6))
		words[random_below(maker, MESSAGE_WORDS)] = any_word(maker);
}

static uint64_t shape_messages(struct maker *maker)
{
	uint64_t *words = take_words(maker, 4 * MESSAGE_WORDS);

	for (unsigned int i = 0; i < 4; i++)
		make_message(maker, words + i * MESSAGE_WORDS);
	return (uint64_t)words;
}

static const struct shape {
	const char *call, *name; /* of one call, or of each (NULL) */
	uint64_t (*make)(struct maker *maker);
} shapes[] = {
        {"clone", "stack", shape_new_stack},
        {"fcntl", "argument", shape_argument},
        {"ioctl", "argument", shape_argument},
        {"futex", "timeout", shape_times},
        {"timerfd_settime", "value", shape_times},
        {"setitimer", "value", shape_times},
        {"clock_settime", "time", shape_times},
        {"execve", "argv", shape_strings},
        {"execve", "environment", shape_strings},
        {"poll", "descriptors", shape_descriptors},
        {"ppoll", "descriptors", shape_descriptors},
        {"clone3", "arguments", shape_clone_arguments},
        {NULL, "socket_address", shape_socket_address},
        {NULL, "room", shape_room},
        {NULL, "message", shape_messages},
        {NULL, "messages", shape_messages},
        {NULL, "option_value", shape_lock},
        {NULL, "vector", shape_vector},
        {NULL, "timeout", shape_times},
        {NULL, "times", shape_times},
        {NULL, "wanted", shape_times},
        {NULL, "mask", shape_set},
        {NULL, "readable", shape_set},
        {NULL, "writable", shape_set},
        {NULL, "exceptional", shape_set},
        {NULL, "how", shape_how},
        {NULL, "action", shape_action},
        {NULL, "event", shape_event},
        {NULL, "new_limit", shape_limit},
        {NULL, "stack", shape_stack},
        {NULL, "offset", shape_offset},
        {NULL, "in_offset", shape_offset},
        {NULL, "out_offset", shape_offset},
        {NULL, "word", shape_shared},
        {NULL, "word2", shape_shared},
        {NULL, "address", shape_map},
        {NULL, "new_address", shape_map},
};

static char *take_string(struct maker *maker, size_t size)
{
	char *string;

	if (maker->strings_used + size > STRINGS_BYTES)
		maker->strings_used = 0;
	string = maker->memory.strings + maker->strings_used;
	maker->strings_used += size;
	return string;
}

#define PICK(maker, array) (array)[random_below(maker, sizeof(array) / sizeof((array)[0]))]
#define PATH_BYTES         64

static const char *short_path(struct maker *maker)
{
	/* What is random is taken for addresses by nobody only where addresses are checked. */
	if (!maker->unchecked && one_in(maker, 24))
		return PICK(maker, random_devices);
	if (!maker->privileged && one_in(maker, 6))
		return PICK(maker, common_paths);
	return one_in(maker, 2) ? paths[random_below(maker, OWN_PATHS)] : PICK(maker, paths);
}

uint64_t path_value(struct maker *maker)
{
	size_t length;
	char *to;

	if (odd_in(maker, 12)) {
		/* A name or a path of just the longest length, or one more. */
		static const size_t lengths[] = {254, 255, 256, 4095, 4096};

		length = lengths[random_below(maker, sizeof(lengths) / sizeof(lengths[0]))];
		to = take_string(maker, length + 1);
		memset(to, 'n', length);
		for (size_t i = 200; i < length && length > 256; i += 200)
			to[i] = '/';
		to[length] = '\0';
		return (uint64_t)to;
	}
	to = take_string(maker, PATH_BYTES);
	strcpy(to, short_path(maker));
	return (uint64_t)to;
}

static uint64_t shape_by_name(struct maker *maker, const struct call *call, unsigned int position)
{
	const char *name = call->names[position];

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++)
		if ((!shapes[i].call || strcmp(shapes[i].call, call->name) == 0) &&
		    strcmp(shapes[i].name, name) == 0)
			return shapes[i].make(maker);
	switch (call->kinds[position]) {
	case KIND_PATH:
		return path_value(maker);
	case KIND_OUT:
		return out_address(maker);
	case KIND_ADDRESS:
		return one_in(maker, 2) ? random_below(maker, 100) : shape_any(maker);
	default:
		return shape_any(maker);
	}
}

uint64_t shape_of(struct maker *maker, const struct call *call, unsigned int position)
{
	uint64_t address;

	if (odd_in(maker, 8))
		return hostile_address(maker);
	if (one_in(maker, 8) && call->kinds[position] != KIND_PATH)
		return 0;
	address = shape_by_name(maker, call, position);
	/* The end of a path is another one, which root might leave something behind at. */
	if (!maker->unchecked && odd_in(maker, 12) &&
	    !(maker->privileged && call->kinds[position] == KIND_PATH))
		address += random_below(maker, 16);
	return address;
}
