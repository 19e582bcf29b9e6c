# Functions with which the folders below tests/ declare their programs.

add_custom_target(sanitize_tests COMMENT "Tests labelled sanitize")
add_custom_target(gpu_tests COMMENT "Tests labelled gpu")
add_custom_target(benchmarks COMMENT "Benchmark programs")
add_custom_target(fuzz_targets COMMENT "Fuzz targets")

# lares_add_test(tst_name SOURCES a.cpp … [LIBRARIES target …] [LABELS sanitize slow gpu …])
# One Qt Test executable, run by ctest under its name. Test data: tests/support/test_data.h.
# Label `sanitize` for what reads untrusted bytes: `./dev test` runs it once more under sanitizers.
# Label `gpu` for what computes on the device that LARES_TEST_DEVICE names: `./dev gpu` runs it there.
function(lares_add_test name)
    cmake_parse_arguments(arg "" "" "SOURCES;LIBRARIES;LABELS" ${ARGN})
    add_executable(${name} ${arg_SOURCES})
    set_target_properties(${name} PROPERTIES AUTOMOC ON RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    target_link_libraries(${name} PRIVATE lares_flags Qt6::Core Qt6::Test test_support ${arg_LIBRARIES})
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES LABELS "${arg_LABELS}" ENVIRONMENT "QT_QPA_PLATFORM=offscreen")
    if("sanitize" IN_LIST arg_LABELS)
        add_dependencies(sanitize_tests ${name})
    endif()
    if("gpu" IN_LIST arg_LABELS)
        add_dependencies(gpu_tests ${name})
    endif()
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
