# cnnc_add_network(NAME MODEL FILE [WEIGHTS FILE] [TARGETS ISA...] [THREADS N] [BATCH N] [WEIGHTS_FILE]
#                  [SCHEDULES FILE...] [OPTIONS WORD...])
#
# Adds the library NAME, with the alias cnnc::NAME, which cnnc compiles from MODEL, a network's text or an ONNX model:
# target_link_libraries(program PRIVATE NAME) links it and finds its header, NAME.h. It is compiled anew when the model,
# the weights, the schedules, or cnnc are newer.
#
#   WEIGHTS       a safetensors file, or random:SEED
#   TARGETS       the processors, as --target takes them; those of --target's default if left out
#   THREADS       that runs are to be fastest with
#   BATCH         images that a run computes
#   WEIGHTS_FILE  the weights are no part of the library, but a file, whose path the target's property CNNC_WEIGHTS_FILE is
#   SCHEDULES     files of schedules, 'default' or 'tuned'
#   OPTIONS       further words for cnnc's command line
#
# In a build for Windows or macOS, whose toolchain file says 'set(CMAKE_SYSTEM_NAME Windows)' or 'Darwin', it is a library
# for that.
#
# Relative paths are those of the current source folder, or, of files that the build makes, of the current binary folder.

cmake_policy(VERSION 3.20)

# A path as the functions of CMake take it: made absolute. `what` is for the message.
function(_cnnc_path variable what file)
  set(source "${file}")
  set(binary "${file}")
  if(NOT IS_ABSOLUTE "${file}")
    set(source "${CMAKE_CURRENT_SOURCE_DIR}/${file}")
    set(binary "${CMAKE_CURRENT_BINARY_DIR}/${file}")
  endif()
  get_source_file_property(is_generated "${binary}" GENERATED)
  if(EXISTS "${source}" AND NOT IS_DIRECTORY "${source}")
    set(${variable} "${source}" PARENT_SCOPE)
  elseif(is_generated OR EXISTS "${binary}")
    set(${variable} "${binary}" PARENT_SCOPE)
  else()
    message(FATAL_ERROR "cnnc_add_network: ${what} '${file}' is no file, in '${CMAKE_CURRENT_SOURCE_DIR}' or made by the build")
  endif()
endfunction()

function(cnnc_add_network name)
  cmake_parse_arguments(PARSE_ARGV 1 network "WEIGHTS_FILE" "MODEL;WEIGHTS;THREADS;BATCH" "TARGETS;SCHEDULES;OPTIONS")
  get_property(cnnc GLOBAL PROPERTY CNNC_COMMAND)
  if(network_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "cnnc_add_network: '${network_UNPARSED_ARGUMENTS}' is no argument of it; it takes MODEL, WEIGHTS, "
      "TARGETS, THREADS, BATCH, WEIGHTS_FILE, SCHEDULES and OPTIONS")
  endif()
  if(network_KEYWORDS_MISSING_VALUES)
    message(FATAL_ERROR "cnnc_add_network: '${network_KEYWORDS_MISSING_VALUES}' wants a value behind it")
  endif()
  if(NOT network_MODEL)
    message(FATAL_ERROR "cnnc_add_network: write MODEL and the file of a network's text or an ONNX model behind '${name}'")
  endif()
  if(CMAKE_CROSSCOMPILING AND NOT network_TARGETS)
    message(FATAL_ERROR "cnnc_add_network: in a cross build TARGETS says which processors '${name}' is for; "
      "'${cnnc} --help' lists what --target takes")
  endif()

  set(folder "${CMAKE_CURRENT_BINARY_DIR}/cnnc_networks/${name}")
  file(MAKE_DIRECTORY "${folder}")
  set(library "${folder}/${name}.a")
  set(words "")
  if(WIN32)
    set(words --system windows)
  elseif(APPLE)
    set(words --system macos)
  endif()
  set(header "${folder}/${name}.h")
  set(outputs "${library}" "${header}")
  _cnnc_path(model MODEL "${network_MODEL}")
  set(inputs "${model}")
  list(PREPEND words "${model}")
  if(network_WEIGHTS MATCHES "^random:")
    list(APPEND words --weights ${network_WEIGHTS})
  elseif(network_WEIGHTS)
    _cnnc_path(weights WEIGHTS "${network_WEIGHTS}")
    list(APPEND words --weights "${weights}")
    list(APPEND inputs "${weights}")
  endif()
  if(network_TARGETS)
    list(JOIN network_TARGETS "," targets)
    list(APPEND words --target ${targets})
  endif()
  foreach(option THREADS BATCH)
    if(NOT "${network_${option}}" STREQUAL "")
      string(TOLOWER --${option} word)
      list(APPEND words ${word} "${network_${option}}")
    endif()
  endforeach()
  foreach(schedule ${network_SCHEDULES})
    if(NOT schedule MATCHES "^(default|tuned)$")
      _cnnc_path(schedule SCHEDULES "${schedule}")
      list(APPEND inputs "${schedule}")
    endif()
    list(APPEND words --schedule "${schedule}")
  endforeach()
  if(network_WEIGHTS_FILE)
    list(APPEND words --weights-file "${folder}/${name}.weights")
    list(APPEND outputs "${folder}/${name}.weights")
  endif()

  # The depfile names what else is read, such as the files beside an ONNX model.
  add_custom_command(OUTPUT ${outputs}
    COMMAND "${cnnc}" ${words} ${network_OPTIONS} --depfile "${library}.d" -o "${library}"
    DEPENDS ${inputs} "${cnnc}"
    DEPFILE "${library}.d"
    COMMENT "Compiling the network ${name}" VERBATIM)
  add_custom_target(${name}_network DEPENDS ${outputs})
  add_library(${name} STATIC IMPORTED GLOBAL)
  add_dependencies(${name} ${name}_network)
  add_library(cnnc::${name} ALIAS ${name})
  set_target_properties(${name} PROPERTIES
    IMPORTED_LOCATION "${library}"
    INTERFACE_INCLUDE_DIRECTORIES "${folder}")
  if(NOT WIN32 AND NOT APPLE)  # with glibc before 2.34, the pool of threads wants -pthread
    set_target_properties(${name} PROPERTIES INTERFACE_LINK_LIBRARIES -pthread)
  endif()
  if(network_WEIGHTS_FILE)
    set_target_properties(${name} PROPERTIES CNNC_WEIGHTS_FILE "${folder}/${name}.weights")
  endif()
endfunction()
