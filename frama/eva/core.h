/* SPDX-License-Identifier: MIT
 *
 * The core as a service sees it, for Eva: it looks at each token it is shown, and answers anything.
 */
#pragma once

#include <kernel/block/block.h>
#include <kernel/boundary/core_calls.h>
#include <kernel/boundary/service_rights.h>
#include <kernel/device/device_queue.h>
#include <kernel/net/unix_info.h>
#include <kernel/proc/process_info.h>
#include <kernel/tty/pty_info.h>

#include "__fc_builtin.h"

#define JOIN__(a, b) a##_##b
#define JOIN_(a, b)  JOIN__(a, b)
#define OF(name)     JOIN_(DRIVEN, name)

/*@ requires flow: genuine_page_alloc(cap.model);
    assigns \nothing; */
static void look_at_page_alloc(CAP(page_alloc) cap)
{
}

/*@ requires flow: genuine_device_registers(cap.model);
    assigns \nothing; */
static void look_at_device_registers(CAP(device_registers) cap)
{
}

/*@ requires flow: genuine_dma_memory(cap.model);
    assigns \nothing; */
static void look_at_dma_memory(CAP(dma_memory) cap)
{
}

/*@ requires flow: genuine_block_access(cap.model);
    assigns \nothing; */
static void look_at_block_access(CAP(block_access) cap)
{
}

/*@ requires flow: genuine_block_read(cap.model);
    assigns \nothing; */
static void look_at_block_read(CAP(block_read) cap)
{
}

/*@ requires flow: genuine_net_access(cap.model);
    assigns \nothing; */
static void look_at_net_access(CAP(net_access) cap)
{
}

/* A service lives for any number of calls. */
static bool goes_on(void)
{
	return Frama_C_nondet(0, 1);
}

static uint64_t any(void)
{
	return Frama_C_unsigned_long_interval(0, UINT64_MAX);
}

static int any_result(void)
{
	return Frama_C_interval(-40, 0);
}

static void any_bytes(void *start, uint64_t size)
{
	Frama_C_make_unknown((char *)start, size);
}

/* Where all lies that was allocated, each object at any place: it may be any other. Of calls that
 * reach Eva's own allocator none is answered from an earlier one like it. */
#define MEMORY_WORDS (1 << 27)
static uint64_t memory[MEMORY_WORDS];

void *core_alloc(uint64_t size)
{
	return Frama_C_nondet(0, 1) ? &memory[Frama_C_interval(0, MEMORY_WORDS - 1)] : (void *)0;
}

void core_free(void *object)
{
}

void core_undo(void *address, uint64_t size)
{
}

int core_store_reserve(CAP(page_alloc) cap, uint64_t object, uint64_t offset, uint64_t size)
{
	look_at_page_alloc(cap);
	return any_result();
}

void core_store_destroy(CAP(page_alloc) cap, uint64_t object)
{
	look_at_page_alloc(cap);
}

uint64_t core_store_pages(uint64_t object)
{
	return any();
}

uint64_t core_time_wall(void)
{
	return any();
}

uint64_t core_time_now(void)
{
	return any();
}

uint64_t core_random(void)
{
	return any();
}

int core_process_info(int from, struct process_info *info)
{
	any_bytes(info, sizeof(*info));
	return Frama_C_interval(0, 4096);
}

int core_descriptor_info(int process, int from, struct descriptor_info *info)
{
	any_bytes(info, sizeof(*info));
	return Frama_C_interval(-38, 1023);
}

int core_task_info(int process, int from, struct process_info *info)
{
	any_bytes(info, sizeof(*info));
	return Frama_C_interval(0, 4096);
}

int core_process_region(int process, uint64_t from, struct region_info *info)
{
	any_bytes(info, sizeof(*info));
	return Frama_C_interval(-38, 1);
}

long core_process_environment(int process, uint64_t offset, char *buffer, uint64_t size)
{
	any_bytes(buffer, size);
	return Frama_C_interval(-38, 4096);
}

int core_service_info(unsigned int index, struct service_info *info)
{
	any_bytes(info, sizeof(*info));
	return any_result();
}

void core_system_info(struct system_info *info)
{
	any_bytes(info, sizeof(*info));
}

long core_mounts(char *buffer, uint64_t size)
{
	return any_result();
}

uint64_t core_unix_info(uint64_t from, struct unix_info *info)
{
	any_bytes(info, sizeof(*info));
	return (uint64_t)any_result();
}

int core_block_read(CAP(block_read) cap, uint32_t number, uint64_t offset, void *buffer,
                    uint64_t size)
{
	look_at_block_read(cap);
	any_bytes(buffer, size);
	return any_result();
}

int core_block_write(CAP(block_access) cap, uint32_t where, uint64_t offset, const void *buffer,
                     uint64_t size)
{
	look_at_block_access(cap);
	return any_result();
}

int core_block_seal(CAP(block_access) cap, uint32_t number)
{
	look_at_block_access(cap);
	return any_result();
}

int core_pty_info(uint32_t number, struct pty_info *info)
{
	any_bytes(info, sizeof(*info));
	return any_result();
}

int core_block_info(uint32_t number, struct block_info *info)
{
	any_bytes(info, sizeof(*info));
	return any_result();
}

int core_device_reset(CAP(device_registers) cap, uint32_t unit)
{
	look_at_device_registers(cap);
	return any_result();
}

int core_device_negotiate(CAP(device_registers) cap, uint32_t unit, uint64_t wanted,
                          uint64_t *agreed)
{
	look_at_device_registers(cap);
	*agreed = any();
	return any_result();
}

int core_device_config(CAP(device_registers) cap, uint32_t unit, uint32_t offset, uint64_t *value)
{
	look_at_device_registers(cap);
	*value = any();
	return any_result();
}

int core_device_start(CAP(device_registers) cap, uint32_t unit)
{
	look_at_device_registers(cap);
	return any_result();
}

int core_queue_create(CAP(dma_memory) cap, uint32_t where, uint32_t head_size, uint32_t tail_size)
{
	look_at_dma_memory(cap);
	return Frama_C_interval(-40, 128);
}

int core_queue_add(CAP(dma_memory) cap, uint32_t where, uint64_t tag, uint64_t head,
                   uint64_t head_end)
{
	look_at_dma_memory(cap);
	return any_result();
}

int core_queue_take(CAP(dma_memory) cap, uint32_t where, struct queue_answer *answer)
{
	look_at_dma_memory(cap);
	any_bytes(answer, sizeof(*answer));
	return Frama_C_interval(-40, 1);
}

int core_frame_send(CAP(net_access) cap, uint32_t number, const void *bytes, uint64_t size)
{
	look_at_net_access(cap);
	return any_result();
}

int core_frame_receive(CAP(net_access) cap, uint32_t number, void *bytes, uint64_t size)
{
	look_at_net_access(cap);
	any_bytes(bytes, size);
	return Frama_C_interval(-40, 1514);
}

int core_interface_info(uint32_t number, struct interface_info *info)
{
	any_bytes(info, sizeof(*info));
	return any_result();
}
