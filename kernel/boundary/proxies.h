/* SPDX-License-Identifier: MIT
 *
 * Calling a service of a class: CLASS_NAME(service, parameters…), one a row of the class's
 * table. With containment a proxy goes through call_service (proxy_bodies.h defines it); without,
 * the call is a direct one to the concrete function. Each may sleep; never under a spinlock. -EIO
 * when the service fell in the call or is out of service. Included by the class's header
 * (fs_proxies.h, block_proxies.h), so no guard:
 *
 *   #define CLASS           fs
 *   #define CLASS_SERVICES  FS_SERVICES
 *   #define CLASS_TABLE     <kernel/vfs/fs_operations.def>
 */

#include <aramid/check.h>
#include <aramid/profile.h>
#include <kernel/boundary/boundary.h>
#include <kernel/boundary/current_service.h>
#include <kernel/log/log.h>
#include <services/manifest.h>

#define PROXY_JOIN__(class, name) class##_##name
#define PROXY_JOIN_(class, name)  PROXY_JOIN__(class, name)
#define PROXY_(name)              PROXY_JOIN_(CLASS, name)

#if ARAMID_CONTAIN_PANICS

#define OPERATION1(name, effect, a) long PROXY_(name)(struct service * service, PARAMETER_ a);
#define OPERATION2(name, effect, a, b)                                                             \
	long PROXY_(name)(struct service * service, PARAMETER_ a, PARAMETER_ b);
#define OPERATION3(name, effect, a, b, c)                                                          \
	long PROXY_(name)(struct service * service, PARAMETER_ a, PARAMETER_ b, PARAMETER_ c);
#define OPERATION4(name, effect, a, b, c, d)                                                       \
	long PROXY_(name)(struct service * service, PARAMETER_ a, PARAMETER_ b, PARAMETER_ c,      \
	                  PARAMETER_ d);
#define OPERATION5(name, effect, a, b, c, d, e)                                                    \
	long PROXY_(name)(struct service * service, PARAMETER_ a, PARAMETER_ b, PARAMETER_ c,      \
	                  PARAMETER_ d, PARAMETER_ e);
#include CLASS_TABLE
#include <kernel/boundary/operations_end.h>

#else

#define PROXY_ARGUMENT_(shape, type, name) name
#define PROXY_UNPACK_(...)                 __VA_ARGS__

/* case SERVICE_tmpfs: result = tmpfs_NAME(arguments). extra is (NAME, (arguments)). */
#define PROXY_CONCRETE_(extra, service_name, ...)                                                  \
	PROXY_CONCRETE_CASE_(service_name, PROXY_UNPACK_ extra)
#define PROXY_CONCRETE_CASE_(service_name, ...) PROXY_CONCRETE_CALL_(service_name, __VA_ARGS__)
#define PROXY_CONCRETE_CALL_(service_name, operation, arguments)                                   \
	case SERVICE_##service_name:                                                               \
		result = service_name##_##operation arguments;                                     \
		break;

#define PROXY_DIRECT_(name, parameters, arguments)                                                 \
	static inline long PROXY_(name) parameters                                                 \
	{                                                                                          \
		struct service *outer = service_enter(service);                                    \
		long result;                                                                       \
		switch (service->owner) {                                                          \
			CLASS_SERVICES(PROXY_CONCRETE_, (name, arguments))                         \
		default:                                                                           \
			panic("no service has this number");                                       \
		}                                                                                  \
		service_leave(outer, result);                                                      \
		return result;                                                                     \
	}

/* The concrete functions: tmpfs_lookup and so on. */
#define PROXY_PROTOTYPE_(extra, service_name, ...)                                                 \
	PROXY_PROTOTYPE_2_(service_name, PROXY_UNPACK_ extra)
#define PROXY_PROTOTYPE_2_(service_name, ...) PROXY_PROTOTYPE_3_(service_name, __VA_ARGS__)
#define PROXY_PROTOTYPE_3_(service_name, operation, parameters)                                    \
	long service_name##_##operation parameters;

#define OPERATION1(name, effect, a)                                                                \
	CLASS_SERVICES(PROXY_PROTOTYPE_, (name, (PARAMETER_ a)))                                   \
	PROXY_DIRECT_(name, (struct service * service, PARAMETER_ a), (PROXY_ARGUMENT_ a))
#define OPERATION2(name, effect, a, b)                                                             \
	CLASS_SERVICES(PROXY_PROTOTYPE_, (name, (PARAMETER_ a, PARAMETER_ b)))                     \
	PROXY_DIRECT_(name, (struct service * service, PARAMETER_ a, PARAMETER_ b),                \
	              (PROXY_ARGUMENT_ a, PROXY_ARGUMENT_ b))
#define OPERATION3(name, effect, a, b, c)                                                          \
	CLASS_SERVICES(PROXY_PROTOTYPE_, (name, (PARAMETER_ a, PARAMETER_ b, PARAMETER_ c)))       \
	PROXY_DIRECT_(name, (struct service * service, PARAMETER_ a, PARAMETER_ b, PARAMETER_ c),  \
	              (PROXY_ARGUMENT_ a, PROXY_ARGUMENT_ b, PROXY_ARGUMENT_ c))
#define OPERATION4(name, effect, a, b, c, d)                                                       \
	CLASS_SERVICES(PROXY_PROTOTYPE_,                                                           \
	               (name, (PARAMETER_ a, PARAMETER_ b, PARAMETER_ c, PARAMETER_ d)))           \
	PROXY_DIRECT_(                                                                             \
	        name,                                                                              \
	        (struct service * service, PARAMETER_ a, PARAMETER_ b, PARAMETER_ c,               \
	         PARAMETER_ d),                                                                    \
	        (PROXY_ARGUMENT_ a, PROXY_ARGUMENT_ b, PROXY_ARGUMENT_ c, PROXY_ARGUMENT_ d))
#define OPERATION5(name, effect, a, b, c, d, e)                                                    \
	CLASS_SERVICES(PROXY_PROTOTYPE_, (name, (PARAMETER_ a, PARAMETER_ b, PARAMETER_ c,         \
	                                         PARAMETER_ d, PARAMETER_ e)))                     \
	PROXY_DIRECT_(name,                                                                        \
	              (struct service * service, PARAMETER_ a, PARAMETER_ b, PARAMETER_ c,         \
	               PARAMETER_ d, PARAMETER_ e),                                                \
	              (PROXY_ARGUMENT_ a, PROXY_ARGUMENT_ b, PROXY_ARGUMENT_ c, PROXY_ARGUMENT_ d, \
	               PROXY_ARGUMENT_ e))
#include CLASS_TABLE
#include <kernel/boundary/operations_end.h>

#undef PROXY_ARGUMENT_
#undef PROXY_UNPACK_
#undef PROXY_CONCRETE_
#undef PROXY_CONCRETE_CASE_
#undef PROXY_CONCRETE_CALL_
#undef PROXY_DIRECT_
#undef PROXY_PROTOTYPE_
#undef PROXY_PROTOTYPE_2_
#undef PROXY_PROTOTYPE_3_
#endif

#undef PROXY_JOIN__
#undef PROXY_JOIN_
#undef PROXY_
#undef CLASS
#undef CLASS_SERVICES
#undef CLASS_TABLE
