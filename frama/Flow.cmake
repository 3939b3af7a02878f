# SPDX-License-Identifier: MIT
#
#   aramid_prove_flow(TARGET [ROOT folder])
#
# With the option ARAMID_PROVE_FLOW, each C file of TARGET that handles tokens is compiled after the
# flow of its tokens was proved; what is not proved fails the build, with its file, line and goal.
# Files that did not change cost nothing. The project's tables of kinds, policies and facts are in
# the folder of the caller's CMakeLists.txt; ROOT says that it is this tree instead. Call it after
# TARGET has its sources.
option(ARAMID_PROVE_FLOW "Prove the flow of tokens in each file that is compiled" OFF)

set(ARAMID_PROVE_DIR "${CMAKE_CURRENT_LIST_DIR}" CACHE INTERNAL "")

function(aramid_prove_flow target)
	cmake_parse_arguments(PARSE_ARGV 1 arg "" "ROOT" "")
	if(NOT ARAMID_PROVE_FLOW)
		return()
	endif()
	if(arg_ROOT)
		set(place --root "${arg_ROOT}")
		file(GLOB facts CONFIGURE_DEPENDS "${arg_ROOT}/frama/flow/*.list"
			"${arg_ROOT}/analysis/tree.policy")
	else()
		set(place --project "${CMAKE_CURRENT_SOURCE_DIR}")
		file(GLOB facts CONFIGURE_DEPENDS "*.policy" "*.flow" "*.def")
	endif()
	set(launcher /usr/bin/python3 -B "${ARAMID_PROVE_DIR}/prove" ${place} --compile)
	# Behind this launcher stands the one that was there before, if any.
	get_target_property(behind ${target} C_COMPILER_LAUNCHER)
	if(behind)
		list(APPEND launcher ${behind})
	endif()
	set_target_properties(${target} PROPERTIES C_COMPILER_LAUNCHER "${launcher}")
	get_target_property(sources ${target} SOURCES)
	foreach(source IN LISTS sources)
		if(source MATCHES "\\.c$")
			set_property(SOURCE "${source}" TARGET_DIRECTORY ${target} APPEND
				PROPERTY OBJECT_DEPENDS ${facts} "${ARAMID_PROVE_DIR}/flow/flow.ml"
					"${ARAMID_PROVE_DIR}/flow/cfloat.mlw")
		endif()
	endforeach()
endfunction()
