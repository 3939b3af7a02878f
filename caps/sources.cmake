# SPDX-License-Identifier: MIT
#
# The token library's sources, for those who compile it with flags of their own, as the kernel
# does. Include directories: annotations/include, caps/include, and ${OUTVAR}_INCLUDES below. The
# sources ask for memcpy, memset and what aramid/cap_env.h declares.

set(ARAMID_CAPS_DIR ${CMAKE_CURRENT_LIST_DIR})

set(ARAMID_CAPS_INCLUDE_DIRS
	${ARAMID_CAPS_DIR}/include
	${ARAMID_CAPS_DIR}/../annotations/include)

# Every profile has the first two; the rest is for profiles with run-time tokens.
set(ARAMID_CAPS_FREESTANDING_SOURCES
	${ARAMID_CAPS_DIR}/src/profile.c
	${ARAMID_CAPS_DIR}/src/refusal_name.c)
set(ARAMID_CAPS_RUNTIME_SOURCES
	${ARAMID_CAPS_DIR}/src/audit.c
	${ARAMID_CAPS_DIR}/src/check.c
	${ARAMID_CAPS_DIR}/src/freestanding.c
	${ARAMID_CAPS_DIR}/src/mint.c
	${ARAMID_CAPS_DIR}/src/nonce.c
	${ARAMID_CAPS_DIR}/src/revoke.c
	${ARAMID_CAPS_DIR}/src/sound.c
	${ARAMID_CAPS_DIR}/src/table.c)

# aramid_profile_has(OUTVAR MECHANISM PROFILE)
#
# Reads the row of a mechanism in the one table of profiles, <aramid/profile.h>: 1 or 0.
function(aramid_profile_has outvar mechanism profile)
	set(table ${ARAMID_CAPS_DIR}/../annotations/include/aramid/profile.h)
	set(columns FORTRESS BALANCED PERFORMANCE LUDICROUS)
	list(FIND columns "${profile}" column)
	file(STRINGS ${table} row REGEX "define ${mechanism} +ARAMID_IN ")
	if(column EQUAL -1 OR NOT row MATCHES "\\(([01]), ([01]), ([01]), ([01])\\)")
		message(FATAL_ERROR "no profile '${profile}' or no mechanism '${mechanism}' in ${table}")
	endif()
	set(cells ${CMAKE_MATCH_1} ${CMAKE_MATCH_2} ${CMAKE_MATCH_3} ${CMAKE_MATCH_4})
	list(GET cells ${column} cell)
	set(${outvar} ${cell} PARENT_SCOPE)
endfunction()

# aramid_caps_sources(OUTVAR PROFILE)
#
# Sets OUTVAR to all sources of the library for a profile (FORTRESS, BALANCED, PERFORMANCE,
# LUDICROUS), OUTVAR_INCLUDES to the include directories and OUTVAR_LICENSE to the licence of
# foreign code among them, empty when there is none. For a profile with run-time tokens it
# unpacks Debian's source package bearssl at configure time, for ChaCha20.
function(aramid_caps_sources outvar profile)
	set(sources ${ARAMID_CAPS_FREESTANDING_SOURCES})
	set(includes ${ARAMID_CAPS_INCLUDE_DIRS})
	set(license)
	aramid_profile_has(runtime_tokens ARAMID_RUNTIME_TOKENS ${profile})
	if(runtime_tokens)
		execute_process(
			COMMAND ${ARAMID_CAPS_DIR}/../tools/debian-source bearssl
				${CMAKE_BINARY_DIR}/debian-sources
			OUTPUT_VARIABLE bearssl OUTPUT_STRIP_TRAILING_WHITESPACE
			RESULT_VARIABLE failed)
		if(failed)
			message(FATAL_ERROR "cannot unpack source package bearssl (see above)")
		endif()
		set(chacha20 ${bearssl}/src/symcipher/chacha20_ct.c)
		# Foreign code: our warnings are not for it.
		set_source_files_properties(${chacha20} PROPERTIES
			COMPILE_OPTIONS "-w" INCLUDE_DIRECTORIES "${bearssl}/inc;${bearssl}/src")
		list(APPEND sources ${ARAMID_CAPS_RUNTIME_SOURCES} ${chacha20})
		list(APPEND includes ${bearssl}/inc)
		set(license ${bearssl}/LICENSE.txt)
	endif()
	set(${outvar} ${sources} PARENT_SCOPE)
	set(${outvar}_INCLUDES ${includes} PARENT_SCOPE)
	set(${outvar}_LICENSE ${license} PARENT_SCOPE)
endfunction()
