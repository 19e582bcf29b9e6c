# Functions with which the folders below tests/ declare their programs.

add_custom_target(sanitize_tests COMMENT "Tests labelled sanitize")
add_custom_target(gpu_tests COMMENT "Tests labelled gpu")
add_custom_target(benchmarks COMMENT "Benchmark programs")
add_custom_target(fuzz_targets COMMENT "Fuzz targets")
add_custom_target(generated_sources COMMENT "What moc writes: all that a tool that only reads sources needs")

# Qt Test without its macros that name a test's own folder (they are for QFINDTESTDATA, which no test
# uses): a precompiled header fits only what has the same macros as itself.
if(LARES_USE_QT)
    add_library(qt_test INTERFACE)
    target_link_libraries(qt_test INTERFACE Qt6::Core $<LINK_ONLY:Qt6::Test>)
    target_include_directories(qt_test SYSTEM INTERFACE $<TARGET_PROPERTY:Qt6::Test,INTERFACE_INCLUDE_DIRECTORIES>)
    # Tests are compiled more often than they run for long: what they test keeps the build's own level.
    if(NOT MSVC)
        target_compile_options(qt_test INTERFACE -O1)
    endif()
endif()

# lares_add_precompiled(name HEADER [library …])
# What most tests include, compiled once: reading headers is more than half of what a test costs.
function(lares_add_precompiled name header)
    file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp CONTENT "// carries the precompiled header\n")
    add_library(${name} OBJECT EXCLUDE_FROM_ALL ${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp)
    target_link_libraries(${name} PRIVATE lares_flags qt_test ${ARGN})
    target_precompile_headers(${name} PRIVATE ${header})
endfunction()

# lares_add_test(tst_name SOURCES a.cpp … [LIBRARIES target …] [LABELS sanitize slow gpu …])
# One Qt Test executable, run by ctest under its name; without Qt a stand-in runs the same source.
# Test data: tests/support/test_data.h.
# Label `sanitize` for what reads untrusted bytes: `./dev test` runs it once more under sanitizers.
# Label `gpu` for what computes on the device that LARES_TEST_DEVICE names: `./dev gpu` runs it there.
# Label `posix` for what tests, or needs, something that only Linux has: signals, links, an allocator to
# replace. Neither that nor the kernels, whose fibers are Linux' too and whose device code is the same
# everywhere, is a test on Windows.
# Label `without_qt` for what uses no more of Qt than its stand-in has, so that it runs where there is no Qt.
function(lares_add_test name)
    cmake_parse_arguments(arg "" "" "SOURCES;LIBRARIES;LABELS" ${ARGN})
    if(NOT LARES_USE_QT AND NOT "without_qt" IN_LIST arg_LABELS)
        return()
    endif()
    if(WIN32 AND ("posix" IN_LIST arg_LABELS OR "kernels_simt" IN_LIST arg_LIBRARIES))
        return()
    endif()
    lares_add_test_program(${name} SOURCES ${arg_SOURCES} LIBRARIES ${arg_LIBRARIES})
    # Wine passes on no variable of Qt's.
    if(WIN32 AND "window_support" IN_LIST arg_LIBRARIES)
        set(platform -platform offscreen)
    endif()
    add_test(NAME ${name} COMMAND ${name} ${platform})
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}" ENVIRONMENT "QT_QPA_PLATFORM=offscreen")
    if("sanitize" IN_LIST arg_LABELS)
        add_dependencies(sanitize_tests ${name})
    endif()
    if("gpu" IN_LIST arg_LABELS)
        add_dependencies(gpu_tests ${name})
    endif()
endfunction()

# The executable alone, for who runs it in other ways than ctest's one.
function(lares_add_test_program name)
    cmake_parse_arguments(arg "" "" "SOURCES;LIBRARIES" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_link_libraries(${name} PRIVATE lares_flags test_support ${arg_LIBRARIES})
    if(LARES_USE_QT)
        lares_moc_tests(${name} ${arg_SOURCES})
        target_link_libraries(${name} PRIVATE qt_test)
        if("${arg_LIBRARIES}" MATCHES "app_core|app_test_support|store_test_support|window_support")
            target_precompile_headers(${name} REUSE_FROM test_precompiled_window)
        else()
            target_precompile_headers(${name} REUSE_FROM test_precompiled_core)
        endif()
    else()
        lares_list_test_slots(${name} ${arg_SOURCES})
        target_link_libraries(${name} PRIVATE test_without_qt)
    endif()
endfunction()

# TEST.moc of each tst_*.cpp. CMake's AUTOMOC would do it, with three more processes for each program, two of them the compiler: a
# fifth of what the tests took to build.
function(lares_moc_tests name)
    foreach(source ${ARGN})
        cmake_path(GET source STEM stem)
        if(stem MATCHES "^tst_" AND source MATCHES "\\.cpp$")
            cmake_path(ABSOLUTE_PATH source NORMALIZE)
            set(moc ${CMAKE_CURRENT_BINARY_DIR}/${name}_moc/${stem}.moc)
            add_custom_command(OUTPUT ${moc} COMMAND Qt6::moc -o ${moc} ${source} DEPENDS ${source} COMMENT "moc ${stem}.cpp")
            # A target of its own: as a source of the test it would wait for the libraries of the test.
            add_custom_target(${name}_${stem}_moc DEPENDS ${moc})
            add_dependencies(${name} ${name}_${stem}_moc)
            add_dependencies(generated_sources ${name}_${stem}_moc)
            target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/${name}_moc)
        endif()
    endforeach()
endfunction()

# What moc writes, for a build without Qt (tests/support/without_qt): SOURCE's class and its slots.
function(lares_list_test_slots name source)
    cmake_path(ABSOLUTE_PATH source NORMALIZE)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${source})
    file(READ ${source} text)
    string(REGEX MATCH "class ([A-Za-z0-9_]+) : public QObject {" class "${text}")
    set(class ${CMAKE_MATCH_1})
    string(REGEX REPLACE ".*\nprivate slots:" "" text "${text}")
    string(REGEX REPLACE "\n(private:|}).*" "" text "${text}")
    string(REGEX MATCHALL "void [A-Za-z0-9_]+\\(\\)" slots "${text}")
    set(list "std::vector<lares::test::TestSlot> ${class}::list_of_test_slots() {\n    return {\n")
    foreach(slot ${slots})
        string(REGEX REPLACE "void |\\(\\)" "" slot ${slot})
        string(APPEND list "        {\"${slot}\", [](QObject& test) { static_cast<${class}&>(test).${slot}(); }},\n")
    endforeach()
    cmake_path(GET source STEM stem)
    file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${name}_slots/${stem}.moc CONTENT "${list}    };\n}\n" @ONLY)
    target_include_directories(${name} PRIVATE ${CMAKE_CURRENT_BINARY_DIR}/${name}_slots)
endfunction()

# lares_add_bench(bench_name SOURCES a.cpp … [LIBRARIES target …])
# A program that prints its measurements; `./dev bench` runs it.
function(lares_add_bench name)
    cmake_parse_arguments(arg "" "" "SOURCES;LIBRARIES" ${ARGN})
    add_executable(${name} EXCLUDE_FROM_ALL ${arg_SOURCES})
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench)
    target_link_libraries(${name} PRIVATE lares_flags lares::engine ${arg_LIBRARIES})
    add_dependencies(benchmarks ${name})
endfunction()
