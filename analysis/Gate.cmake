# SPDX-License-Identifier: MIT
#
#   aramid_gate(TARGET POLICY file... )
#
# Compiles TARGET through the gate: stock Sparse and capflow run on each C file
# beside the compiler, and a finding fails the build. POLICY names the generated
# policy files (kinds, mints, carriers); when one changes, TARGET is compiled anew.
# Call it after TARGET has its sources.

set(ARAMID_GATE_PROGRAM "${CMAKE_BINARY_DIR}/analysis/aramid-gate" CACHE INTERNAL "")
set(ARAMID_CAPFLOW_PROGRAM "${CMAKE_BINARY_DIR}/analysis/capflow" CACHE INTERNAL "")
if(CMAKE_SOURCE_DIR STREQUAL CMAKE_CURRENT_LIST_DIR)
	set(ARAMID_GATE_PROGRAM "${CMAKE_BINARY_DIR}/aramid-gate" CACHE INTERNAL "")
	set(ARAMID_CAPFLOW_PROGRAM "${CMAKE_BINARY_DIR}/capflow" CACHE INTERNAL "")
endif()

function(aramid_gate target)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "POLICY")
	if(NOT arg_POLICY)
		message(FATAL_ERROR "aramid_gate(${target}): POLICY names no file")
	endif()
	set(launcher "${ARAMID_GATE_PROGRAM}" --capflow "${ARAMID_CAPFLOW_PROGRAM}")
	foreach(policy IN LISTS arg_POLICY)
		list(APPEND launcher --policy "${policy}")
	endforeach()
	set_target_properties(${target} PROPERTIES C_COMPILER_LAUNCHER "${launcher};--")
	add_dependencies(${target} aramid-analysis)

	get_target_property(sources ${target} SOURCES)
	get_target_property(folder ${target} SOURCE_DIR)
	foreach(source IN LISTS sources)
		if(source MATCHES "\\.c$")
			set_property(SOURCE "${source}" TARGET_DIRECTORY ${target} APPEND
				PROPERTY OBJECT_DEPENDS ${arg_POLICY}
				"${ARAMID_CAPFLOW_PROGRAM}" "${ARAMID_GATE_PROGRAM}")
		endif()
	endforeach()
endfunction()
