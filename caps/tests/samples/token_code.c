/* SPDX-License-Identifier: MIT
 *
 * The ways in which code passes tokens: parameters, carriers, ops tables, results, loops. For the
 * test that such code compiles to what it would be without tokens.
 */
#include <aramid/cap.h>
#include <stdint.h>
#include <string.h>

struct packet {
	uint8_t bytes[64];
	uint32_t length;
	uint32_t cap; /* the name of a token elsewhere */
};

struct device_ops {
	int (*send)(CAP(net_access) cap, const struct packet *packet, unsigned int queue);
};

struct device {
	const struct device_ops *ops;
	CAP(net_access) cap;
	uint64_t sent;
	CAP(block_access) disk;
};

int checksum(const struct packet *packet);
int device_write(CAP(net_access) cap, uint32_t reg, uint32_t value);
int block_fetch(CAP(block_read) cap, uint64_t block, void *out);
int send_queued(CAP(net_access) cap, const struct packet *packet, unsigned int queue);
int send_all(struct device *device, const struct packet *packets, unsigned int count);
int verify(struct device *device, CAP(block_access) cap, uint64_t first, uint64_t last);
void attach(struct device *device, const struct device_ops *ops, CAP(net_access) net,
            CAP(block_access) disk);
CAP(net_access) token_of(const struct device *device);
int reset(struct device *device);
struct device make(const struct device_ops *ops, CAP(net_access) cap);
int on_interrupt(void *argument);

static int write_words(CAP(net_access) cap, const struct packet *packet)
{
	uint32_t at, word;

	cap_validate(net_access, cap);
	for (at = 0; at + sizeof(word) <= packet->length; at += sizeof(word)) {
		int status;

		memcpy(&word, packet->bytes + at, sizeof(word));
		status = device_write(cap, at, word);
		if (status < 0)
			return status;
	}
	return (int)at;
}

int send_queued(CAP(net_access) cap, const struct packet *packet, unsigned int queue)
{
	int sum;

	cap_validate(net_access, cap);
	if (packet->length > sizeof(packet->bytes))
		return -22;
	sum = checksum(packet);
	device_write(cap, 0x100 + 4 * queue, (uint32_t)sum);
	return write_words(cap, packet);
}

int send_all(struct device *device, const struct packet *packets, unsigned int count)
{
	CAP(net_access) cap = device->cap;
	unsigned int i;

	for (i = 0; i < count; i++) {
		int status = device->ops->send(cap, &packets[i], i % 4);

		if (status < 0)
			return status;
		device->sent += (uint64_t)status;
	}
	return (int)count;
}

int verify(struct device *device, CAP(block_access) cap, uint64_t first, uint64_t last)
{
	CAP(block_read) weaker = cap_attenuate(block_read, block_access, cap);
	uint8_t buffer[512];
	uint64_t block;
	int sum = 0;

	cap_validate(block_access, cap);
	for (block = first; block < last; block++) {
		if (block_fetch(weaker, block, buffer) < 0)
			return -5;
		sum += buffer[block % sizeof(buffer)];
	}
	device->sent += (uint64_t)sum;
	return sum;
}

void attach(struct device *device, const struct device_ops *ops, CAP(net_access) net,
            CAP(block_access) disk)
{
	device->ops = ops;
	device->cap = net;
	device->disk = disk;
	device->sent = 0;
}

CAP(net_access) token_of(const struct device *device)
{
	return device->cap;
}

int reset(struct device *device)
{
	CAP(net_access) cap = token_of(device);

	(void)cap;
	return device_write(token_of(device), 4, 1) + device_write(device->cap, 4, 0);
}

struct device make(const struct device_ops *ops, CAP(net_access) cap)
{
	struct device device = {.ops = ops, .cap = cap, .sent = 1};
	struct packet packet = {.length = 4, .cap = 5};

	packet.cap += (uint32_t)checksum(&packet);
	packet.cap = 2 * packet.cap;
	device.sent += packet.cap;
	return device;
}

int on_interrupt(void *argument)
{
	struct device *device = CAP_CARRIER_OF(struct device, sent, argument);

	return cap_is_valid(net_access, device->cap) ? reset(device) : -1;
}
