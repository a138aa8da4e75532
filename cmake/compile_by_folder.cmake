# compile_by_folder(TARGET): the sources of a folder are compiled together, eight at a time, which takes half as long
# from scratch: what they include is read, and the templates that they use are instantiated, once for all eight. So the
# files of a folder must not give the same name to different things, be it in namespaces without a name; those that do
# have the property SKIP_UNITY_BUILD_INCLUSION. Nothing is done unless CNNC_BY_FOLDER is on, as in the preset release.
function(compile_by_folder target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${CNNC_BY_FOLDER} UNITY_BUILD_MODE GROUP)
  get_target_property(sources ${target} SOURCES)
  foreach(source ${sources})
    cmake_path(GET source PARENT_PATH folder)
    string(MAKE_C_IDENTIFIER "in_${folder}" folder)
    if(NOT DEFINED count_${folder})
      set(count_${folder} 0)
    endif()
    math(EXPR part "${count_${folder}} / 8")
    math(EXPR count_${folder} "${count_${folder}} + 1")
    set_source_files_properties(${source} PROPERTIES UNITY_GROUP ${folder}_${part})
  endforeach()
endfunction()
