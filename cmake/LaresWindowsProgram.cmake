# lares_windows_program(target DESCRIPTION): gives a program for Windows its icon, version and manifest
# (installer/windows/program.rc.in). Nothing on other systems.
function(lares_windows_program target description)
    if(NOT WIN32)
        return()
    endif()
    enable_language(RC)
    find_package(Python3 REQUIRED COMPONENTS Interpreter)
    set(folder ${CMAKE_SOURCE_DIR}/installer/windows)
    set(icon ${CMAKE_CURRENT_BINARY_DIR}/${target}.ico)
    set(pictures)
    foreach(size 16 24 32 48 64 128 256)
        list(APPEND pictures ${CMAKE_SOURCE_DIR}/resources/icons/lares-${size}.png)
    endforeach()
    add_custom_command(OUTPUT ${icon} COMMAND Python3::Interpreter -B ${folder}/make_icon.py ${icon} ${pictures}
        DEPENDS ${folder}/make_icon.py ${pictures} COMMENT "Icon of ${target}" VERBATIM)
    set(PROGRAM ${target})
    set(ICON ${icon})
    set(DESCRIPTION ${description})
    configure_file(${folder}/program.rc.in ${CMAKE_CURRENT_BINARY_DIR}/${target}.rc @ONLY)
    set_source_files_properties(${CMAKE_CURRENT_BINARY_DIR}/${target}.rc PROPERTIES
        OBJECT_DEPENDS "${icon};${folder}/program.manifest")
    target_sources(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/${target}.rc)
endfunction()
