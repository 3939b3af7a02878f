/* SPDX-License-Identifier: MIT
 *
 * Calling a file-system service: fs_NAME(service, parameters…), one a row of
 * fs_operations.def. With containment a proxy goes through call_service; without,
 * the call is a direct one to the concrete function. Each may sleep; never
 * under a spinlock. -EIO when the service fell in the call or is out of service.
 */
#pragma once

#include <aramid/check.h>
#include <aramid/profile.h>
#include <kernel/boundary/boundary.h>
#include <kernel/boundary/current_service.h>
#include <kernel/log/log.h>
#include <kernel/vfs/fs.h>
#include <services/manifest.h>

#if ARAMID_CONTAIN_PANICS

#define FS_OPERATION1(name, effect, a) long fs_##name(struct service *service, FS_PARAMETER_ a);
#define FS_OPERATION2(name, effect, a, b)                                                          \
	long fs_##name(struct service *service, FS_PARAMETER_ a, FS_PARAMETER_ b);
#define FS_OPERATION3(name, effect, a, b, c)                                                       \
	long fs_##name(struct service *service, FS_PARAMETER_ a, FS_PARAMETER_ b, FS_PARAMETER_ c);
#define FS_OPERATION4(name, effect, a, b, c, d)                                                    \
	long fs_##name(struct service *service, FS_PARAMETER_ a, FS_PARAMETER_ b, FS_PARAMETER_ c, \
	               FS_PARAMETER_ d);
#define FS_OPERATION5(name, effect, a, b, c, d, e)                                                 \
	long fs_##name(struct service *service, FS_PARAMETER_ a, FS_PARAMETER_ b, FS_PARAMETER_ c, \
	               FS_PARAMETER_ d, FS_PARAMETER_ e);
#include <kernel/vfs/fs_operations.def>
#include <kernel/vfs/fs_operations_end.h>

#else

#define FS_ARGUMENT_(shape, type, name)        name
#define FS_UNPACK_(...)                        __VA_ARGS__

/* case SERVICE_tmpfs: result = tmpfs_NAME(arguments). extra is (NAME, (arguments)). */
#define FS_CONCRETE_(extra, service_name, ...) FS_CONCRETE_CASE_(service_name, FS_UNPACK_ extra)
#define FS_CONCRETE_CASE_(service_name, ...)   FS_CONCRETE_CALL_(service_name, __VA_ARGS__)
#define FS_CONCRETE_CALL_(service_name, operation, arguments)                                      \
	case SERVICE_##service_name:                                                               \
		result = service_name##_##operation arguments;                                     \
		break;

#define FS_DIRECT_(name, parameters, arguments)                                                    \
	static inline long fs_##name parameters                                                    \
	{                                                                                          \
		struct service *outer = service_enter(service);                                    \
		long result;                                                                       \
		switch (service->owner) {                                                          \
			FS_SERVICES(FS_CONCRETE_, (name, arguments))                               \
		default:                                                                           \
			panic("no service has this number");                                       \
		}                                                                                  \
		service_leave(outer);                                                              \
		return result;                                                                     \
	}

/* The concrete functions: tmpfs_lookup and so on. */
#define FS_PROTOTYPE_(extra, service_name, ...) FS_PROTOTYPE_2_(service_name, FS_UNPACK_ extra)
#define FS_PROTOTYPE_2_(service_name, ...)      FS_PROTOTYPE_3_(service_name, __VA_ARGS__)
#define FS_PROTOTYPE_3_(service_name, operation, parameters)                                       \
	long service_name##_##operation parameters;

#define FS_OPERATION1(name, effect, a)                                                             \
	FS_SERVICES(FS_PROTOTYPE_, (name, (FS_PARAMETER_ a)))                                      \
	FS_DIRECT_(name, (struct service * service, FS_PARAMETER_ a), (FS_ARGUMENT_ a))
#define FS_OPERATION2(name, effect, a, b)                                                          \
	FS_SERVICES(FS_PROTOTYPE_, (name, (FS_PARAMETER_ a, FS_PARAMETER_ b)))                     \
	FS_DIRECT_(name, (struct service * service, FS_PARAMETER_ a, FS_PARAMETER_ b),             \
	           (FS_ARGUMENT_ a, FS_ARGUMENT_ b))
#define FS_OPERATION3(name, effect, a, b, c)                                                       \
	FS_SERVICES(FS_PROTOTYPE_, (name, (FS_PARAMETER_ a, FS_PARAMETER_ b, FS_PARAMETER_ c)))    \
	FS_DIRECT_(name,                                                                           \
	           (struct service * service, FS_PARAMETER_ a, FS_PARAMETER_ b, FS_PARAMETER_ c),  \
	           (FS_ARGUMENT_ a, FS_ARGUMENT_ b, FS_ARGUMENT_ c))
#define FS_OPERATION4(name, effect, a, b, c, d)                                                    \
	FS_SERVICES(FS_PROTOTYPE_,                                                                 \
	            (name, (FS_PARAMETER_ a, FS_PARAMETER_ b, FS_PARAMETER_ c, FS_PARAMETER_ d)))  \
	FS_DIRECT_(name,                                                                           \
	           (struct service * service, FS_PARAMETER_ a, FS_PARAMETER_ b, FS_PARAMETER_ c,   \
	            FS_PARAMETER_ d),                                                              \
	           (FS_ARGUMENT_ a, FS_ARGUMENT_ b, FS_ARGUMENT_ c, FS_ARGUMENT_ d))
#define FS_OPERATION5(name, effect, a, b, c, d, e)                                                 \
	FS_SERVICES(FS_PROTOTYPE_, (name, (FS_PARAMETER_ a, FS_PARAMETER_ b, FS_PARAMETER_ c,      \
	                                   FS_PARAMETER_ d, FS_PARAMETER_ e)))                     \
	FS_DIRECT_(                                                                                \
	        name,                                                                              \
	        (struct service * service, FS_PARAMETER_ a, FS_PARAMETER_ b, FS_PARAMETER_ c,      \
	         FS_PARAMETER_ d, FS_PARAMETER_ e),                                                \
	        (FS_ARGUMENT_ a, FS_ARGUMENT_ b, FS_ARGUMENT_ c, FS_ARGUMENT_ d, FS_ARGUMENT_ e))
#include <kernel/vfs/fs_operations.def>
#include <kernel/vfs/fs_operations_end.h>

#endif
