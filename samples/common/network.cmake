# add_network_program(PROGRAM NETWORK SOURCES…): NETWORK.a and NETWORK.h by cnnc, from NETWORK.dsl and
# NETWORK.safetensors; and a program of the sources, and of those of this folder, that links them.
find_program(CNNC cnnc DOC "the compiler of networks")
if(NOT CNNC)
  message(FATAL_ERROR "cnnc is not on the PATH. Say where it is:\n  -DCNNC=/path/to/cnnc")
elseif(NOT EXISTS "${CNNC}" OR IS_DIRECTORY "${CNNC}")
  message(FATAL_ERROR "CNNC is '${CNNC}', which is no file. Say where cnnc is:\n  -DCNNC=/path/to/cnnc")
endif()

function(add_network_program program network)
  set(source ${CMAKE_CURRENT_SOURCE_DIR})
  set(common ${CMAKE_CURRENT_FUNCTION_LIST_DIR})
  add_custom_command(
    OUTPUT ${network}.a ${network}.h
    COMMAND ${CNNC} ${source}/${network}.dsl --weights ${source}/${network}.safetensors -o ${network}.a
    DEPENDS ${network}.dsl ${network}.safetensors ${CNNC}
    COMMENT "Compiling ${network}.dsl" VERBATIM)
  add_executable(${program} ${ARGN} ${common}/draw.cpp ${common}/grey.cpp ${common}/idx.cpp
    ${CMAKE_CURRENT_BINARY_DIR}/${network}.h)
  target_compile_features(${program} PRIVATE cxx_std_17)
  target_compile_definitions(${program} PRIVATE SAMPLE_FOLDER="${source}")
  target_include_directories(${program} PRIVATE ${common} ${CMAKE_CURRENT_BINARY_DIR})
  target_link_libraries(${program} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/${network}.a)
endfunction()
