/* SPDX-License-Identifier: MIT
 *
 * What the tables of operations (kernel/vfs/fs_operations.def, kernel/block/block_operations.def,
 * kernel/net_device/net_device_operations.def, kernel/net_protocol/net_protocol_operations.def) are
 * made of: a table has one row an operation of its class of services.
 *
 * OPERATIONn(name, effect, (shape, type, parameter)...)   n is 1 to 5
 *
 * effect  READS    changes nothing: made again when it only stood in the way of a repair
 *         MUTATES  changes something: rolled back when a service that does so falls in it
 *
 * shape   VALUE    a number
 *         NAME     a string that the service reads; NULL is allowed
 *         IN       a struct that the service reads, OUT one that it writes, INOUT both
 *         DATA     bytes that the service reads, FILL bytes that it writes: as many as the
 *                  parameter "size" says, at most the class's largest transfer
 * By the shapes arguments are handed over where a service cannot reach the core's memory.
 *
 * Each answers 0 or a count, or a negative errno.
 */
#pragma once

#define PARAMETER_(shape, type, name) type name

/* The members of a struct of operations. */
#define OPERATION_MEMBER1_(name, effect, a)    long (*name)(PARAMETER_ a);
#define OPERATION_MEMBER2_(name, effect, a, b) long (*name)(PARAMETER_ a, PARAMETER_ b);
#define OPERATION_MEMBER3_(name, effect, a, b, c)                                                  \
	long (*name)(PARAMETER_ a, PARAMETER_ b, PARAMETER_ c);
#define OPERATION_MEMBER4_(name, effect, a, b, c, d)                                               \
	long (*name)(PARAMETER_ a, PARAMETER_ b, PARAMETER_ c, PARAMETER_ d);
#define OPERATION_MEMBER5_(name, effect, a, b, c, d, e)                                            \
	long (*name)(PARAMETER_ a, PARAMETER_ b, PARAMETER_ c, PARAMETER_ d, PARAMETER_ e);
