# Halide, as the target Halide::Halide, LLVM, as LLVM_INCLUDE_DIRS and the library LLVM-${LLVM_VERSION_MAJOR}, and LLD: versions
# 14 of both, which Debian 12 has, or 19, which Debian 13 has. A Halide works with the LLVM that it was built with, and
# both are in one process, so that it is the same shared library.
set(CNNC_HALIDE "" CACHE STRING "the version of Halide and LLVM: 14 or 19; empty: 19 if it is there, otherwise 14")
if(NOT CNNC_HALIDE MATCHES "^(14|19|)$")
  message(FATAL_ERROR "CNNC_HALIDE is '${CNNC_HALIDE}'; cnnc works with Halide 14 and Halide 19: give 14, 19 or nothing")
endif()
if(DEFINED CNNC_HALIDE_FOUND AND NOT CNNC_HALIDE STREQUAL "${CNNC_HALIDE_FOUND}")
  # Another choice than that of the last configuration: what was found for that one is no longer meant.
  unset(HALIDE_LIBRARY CACHE)
  unset(HALIDE_INCLUDE_DIR CACHE)
  unset(HALIDE_PLUGIN_DIR CACHE)
  unset(LLVM_DIR CACHE)
  unset(LLD_COFF_LIBRARY CACHE)
  unset(LLD_ELF_LIBRARY CACHE)
  unset(LLD_MACHO_LIBRARY CACHE)
  unset(LLD_WASM_LIBRARY CACHE)
  unset(LLD_COMMON_LIBRARY CACHE)
  unset(LLD_INCLUDE_DIR CACHE)
endif()
set(CNNC_HALIDE_FOUND "${CNNC_HALIDE}" CACHE INTERNAL "the choice that the found paths are for")

# Debian gives the library a name with the version, Halide's own releases do not.
set(names Halide19 Halide14 Halide)
if(CNNC_HALIDE)
  set(names Halide${CNNC_HALIDE} Halide)
endif()
find_library(HALIDE_LIBRARY NAMES ${names})
string(REGEX MATCH "Halide(14|19)" name "${HALIDE_LIBRARY}")
# Debian's Halide 14 keeps its CMake files in a folder that find_package does not search.
find_path(HALIDE_INCLUDE_DIR Halide.h PATH_SUFFIXES halide${CMAKE_MATCH_1})
if(NOT HALIDE_LIBRARY OR NOT HALIDE_INCLUDE_DIR)
  message(FATAL_ERROR "Halide ${CNNC_HALIDE} was not found. script/bootstrap installs the version that Debian has: 14 on "
    "Debian 12, 19 on Debian 13. One that lies elsewhere is found by CMAKE_PREFIX_PATH.")
endif()

# Halide 14's header does not say its version.
set(halide_version 14)
file(STRINGS ${HALIDE_INCLUDE_DIR}/Halide.h line REGEX "^#define HALIDE_VERSION_MAJOR [0-9]+")
if(line MATCHES "([0-9]+)$")
  set(halide_version ${CMAKE_MATCH_1})
endif()
if(NOT halide_version MATCHES "^(14|19)$" OR (CNNC_HALIDE AND NOT halide_version EQUAL CNNC_HALIDE))
  message(FATAL_ERROR "${HALIDE_LIBRARY} is of Halide ${halide_version}; cnnc works with Halide 14 and Halide 19, and "
    "CNNC_HALIDE is '${CNNC_HALIDE}'")
endif()

# LLVM's packages accept only their own minor version, whose first is 0 up to 17 and 1 from 18 on.
set(llvm_of_14 14.0)
set(llvm_of_19 19.1)
find_package(LLVM ${llvm_of_${halide_version}} CONFIG)
if(NOT LLVM_FOUND)
  message(FATAL_ERROR "Halide ${halide_version} is there (${HALIDE_LIBRARY}), and LLVM ${llvm_of_${halide_version}}, which goes "
    "with it, is not. script/bootstrap installs it; one that lies elsewhere is found by CMAKE_PREFIX_PATH.")
endif()

# LLD of the same version, as a library: it makes shared libraries and single objects.
find_package(ZLIB REQUIRED)
set(LLD_NEEDS ZLIB::ZLIB)
if(LLVM_VERSION_MAJOR GREATER 14)
  find_library(ZSTD_LIBRARY zstd REQUIRED)
  list(APPEND LLD_NEEDS ${ZSTD_LIBRARY})
endif()
find_library(LLD_COFF_LIBRARY lldCOFF HINTS ${LLVM_LIBRARY_DIRS})
find_library(LLD_ELF_LIBRARY lldELF HINTS ${LLVM_LIBRARY_DIRS})
find_library(LLD_MACHO_LIBRARY lldMachO HINTS ${LLVM_LIBRARY_DIRS})
find_library(LLD_WASM_LIBRARY lldWasm HINTS ${LLVM_LIBRARY_DIRS})
find_library(LLD_COMMON_LIBRARY lldCommon HINTS ${LLVM_LIBRARY_DIRS})
find_path(LLD_INCLUDE_DIR lld/Common/CommonLinkerContext.h HINTS ${LLVM_INCLUDE_DIRS})
if(NOT LLD_COFF_LIBRARY OR NOT LLD_ELF_LIBRARY OR NOT LLD_MACHO_LIBRARY OR NOT LLD_WASM_LIBRARY OR NOT LLD_COMMON_LIBRARY OR NOT LLD_INCLUDE_DIR)
  message(FATAL_ERROR "LLD ${LLVM_VERSION_MAJOR}, which goes with LLVM, is not there as a library. script/bootstrap installs it; one that "
    "lies elsewhere is found by CMAKE_PREFIX_PATH.")
endif()

# Autoschedulers, which `cnnc bench` loads when it is asked to compare with them; it says so if they are missing.
find_path(HALIDE_PLUGIN_DIR libautoschedule_adams2019.so PATHS ${CMAKE_LIBRARY_PATH} /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}
  PATH_SUFFIXES halide${halide_version})

add_library(Halide::Halide UNKNOWN IMPORTED)
set_target_properties(Halide::Halide PROPERTIES
  IMPORTED_LOCATION ${HALIDE_LIBRARY}
  INTERFACE_INCLUDE_DIRECTORIES ${HALIDE_INCLUDE_DIR}
  INTERFACE_COMPILE_DEFINITIONS "HALIDE_ENABLE_RTTI;HALIDE_WITH_EXCEPTIONS"
  INTERFACE_LINK_LIBRARIES Threads::Threads)
message(STATUS "Halide ${halide_version}: ${HALIDE_LIBRARY}")
