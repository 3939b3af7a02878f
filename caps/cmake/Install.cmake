# SPDX-License-Identifier: MIT
#
# cmake --install: headers, the libraries of all profiles, the CMake package AramidCaps, one
# pkg-config file a profile and, with ARAMID_CHECKERS, the checkers. All paths in them are relative to themselves, so the prefix may move.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/AramidCaps)
file(RELATIVE_PATH share_from_package /prefix/${package_dir} /prefix/${CMAKE_INSTALL_DATADIR}/aramid)
file(RELATIVE_PATH prove_from_package
	/prefix/${package_dir} /prefix/share/aramid-prove/frama)
file(RELATIVE_PATH prefix_from_pc
	/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)

install(DIRECTORY ${ARAMID_CAPS_INCLUDE_DIRS}
	DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/..
	COMPONENT AramidCaps
	FILES_MATCHING PATTERN "*.h" PATTERN "*.def")
install(TARGETS ${ARAMID_CAPS_LIBRARIES}
	EXPORT AramidCapsTargets
	COMPONENT AramidCaps
	ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
	INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(EXPORT AramidCapsTargets
	NAMESPACE AramidCaps::
	DESTINATION ${package_dir}
	COMPONENT AramidCaps)

# Whoever passes the libraries on passes on ChaCha20, which is BearSSL's.
install(FILES ${ARAMID_CAPS_DIR}/../LICENSE
	DESTINATION ${CMAKE_INSTALL_DOCDIR}
	COMPONENT AramidCaps)
install(FILES ${foreign_license}
	DESTINATION ${CMAKE_INSTALL_DOCDIR}
	RENAME LICENSE.bearssl
	COMPONENT AramidCaps)

# aramid-prove: the proofs of token flow, beside what they read of the library.
foreach(path frama/prove frama/report.py frama/token_flow.py frama/beliefs.py frama/Flow.cmake
		frama/flow/flow.ml frama/flow/cfloat.mlw frama/flow/tools.h frama/flow/believed.list
		caps/tools/make-policy caps/tools/make-acsl)
	get_filename_component(folder ${path} DIRECTORY)
	install(PROGRAMS ${ARAMID_CAPS_DIR}/../${path}
		DESTINATION share/aramid-prove/${folder}
		COMPONENT AramidCaps)
endforeach()
foreach(folder caps/include annotations/include)
	install(DIRECTORY ${ARAMID_CAPS_DIR}/../${folder}
		DESTINATION share/aramid-prove/${folder}/..
		COMPONENT AramidCaps)
endforeach()
install(PROGRAMS ${ARAMID_CAPS_DIR}/../frama/aramid-prove
	DESTINATION ${CMAKE_INSTALL_BINDIR}
	COMPONENT AramidCaps)

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/AramidCapsConfig.cmake.in
	${CMAKE_CURRENT_BINARY_DIR}/AramidCapsConfig.cmake
	INSTALL_DESTINATION ${package_dir}
	NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/AramidCapsConfigVersion.cmake
	COMPATIBILITY SameMinorVersion)
install(FILES
	${CMAKE_CURRENT_BINARY_DIR}/AramidCapsConfig.cmake
	${CMAKE_CURRENT_BINARY_DIR}/AramidCapsConfigVersion.cmake
	DESTINATION ${package_dir}
	COMPONENT AramidCaps)

foreach(profile IN LISTS ARAMID_PROFILES)
	string(TOLOWER ${profile} lower)
	configure_file(${CMAKE_CURRENT_LIST_DIR}/aramid-caps.pc.in
		${CMAKE_CURRENT_BINARY_DIR}/aramid-caps-${lower}.pc @ONLY)
	install(FILES ${CMAKE_CURRENT_BINARY_DIR}/aramid-caps-${lower}.pc
		DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
		COMPONENT AramidCaps)
endforeach()

if(ARAMID_CHECKERS)
	include(${ARAMID_CAPS_DIR}/../analysis/Install.cmake)
endif()
