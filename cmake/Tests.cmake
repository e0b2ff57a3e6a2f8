# Each src/**/foo_test.c and tests/<group>/foo_test.c is one program and one CTest test, named by its folder:
# graph/graph, property/trace. Each tests/fuzz/foo_fuzz.c is a libFuzzer target in the fuzz preset and elsewhere runs its
# corpus, tests/fuzz/corpus/foo/. Shell tests (tests/**/*_test.sh) get the binary and the data by environment.
#
# Every test runs in the source tree's root with
#   SLUICE_BIN   the sluice command of this build
#   SLUICE_DATA  the data folder, or empty: a test that needs it then says so and is skipped (exit code 77)
# and is labelled by its group; *_threaded_test.c also `threaded`. The TSan build has those alone.
pkg_check_modules(CMOCKA QUIET IMPORTED_TARGET "cmocka>=1.1")
if(NOT CMOCKA_FOUND)
    message(STATUS "No tests: cmocka was not found (Debian package libcmocka-dev); ./test installs it")
    return()
endif()

set(test_data "${SLUICE_DATA}")
if(NOT test_data)
    set(test_data "$ENV{SLUICE_DATA}")
endif()
if(NOT test_data AND IS_DIRECTORY "${PROJECT_SOURCE_DIR}/../shared/data")
    file(REAL_PATH "${PROJECT_SOURCE_DIR}/../shared/data" test_data)
endif()
if(NOT test_data)
    message(STATUS "The tests that need data will be skipped: set SLUICE_DATA to its folder")
endif()

# About how many seconds the long ones take: they begin first, so that in the end no core waits for one. CTest knows it of tests that it
# has run; a clean clone has run none.
set(costs
    e2e/desk_postgres 350 e2e/console_pages 300 packages/chroot 300 e2e/console_states 250 e2e/console_walks 130 property/trace_data 110 e2e/console_rights 110
    e2e/desk_sqlite 150 e2e/gateway_postgres 110 e2e/desk_acts_postgres 80 e2e/http_fuzz 80 e2e/migrate_kills 80 e2e/console_approvals 75
    e2e/console_money 100 e2e/gateway_sqlite 70 e2e/desk_acts_sqlite 50 e2e/console_keys 50 e2e/migrate_filled 45
    e2e/console_chinese 40 e2e/console_static 40 contract/desk_warning 25 e2e/server 25 e2e/gateway/telecom 20)

# What ends a test that hangs, and nothing else: ten times what the longest takes on two cores with two others beside it.
set(timeout_s 3600)

function(sluice_test_properties name group)
    list(FIND costs ${name} at)
    if(at GREATER_EQUAL 0)
        math(EXPR at "${at} + 1")
        list(GET costs ${at} cost)
        set_tests_properties(${name} PROPERTIES COST ${cost})
    endif()
    set(labels ${group})
    if(name MATCHES "_threaded$")
        list(APPEND labels threaded)
    endif()
    set_tests_properties(${name} PROPERTIES
        LABELS "${labels}" TIMEOUT ${timeout_s} SKIP_RETURN_CODE 77
        WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
        ENVIRONMENT "SLUICE_BIN=${PROJECT_BINARY_DIR}/bin/sluice;SLUICE_DATA=${test_data};\
ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1;UBSAN_OPTIONS=print_stacktrace=1;\
LSAN_OPTIONS=suppressions=${PROJECT_SOURCE_DIR}/tests/lsan.supp:print_suppressions=0;TSAN_OPTIONS=halt_on_error=1")
endfunction()

function(sluice_test_program target source output)
    add_executable(${target} ${source} ${ARGN})
    cmake_path(GET output PARENT_PATH folder)
    cmake_path(GET output FILENAME file)
    set_target_properties(${target} PROPERTIES
        OUTPUT_NAME ${file} RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tests/${folder}")
    target_link_libraries(${target} PRIVATE sluice_options ${test_support} sluice_static PkgConfig::CMOCKA)
    target_link_options(${target} PRIVATE ${SLUICE_NO_LTO_LINK_OPTIONS})
    target_compile_options(${target} PRIVATE "SHELL:-iquote ${PROJECT_SOURCE_DIR}/src" "SHELL:-iquote ${PROJECT_SOURCE_DIR}/tests")
endfunction()

# What several test programs share: every other .c below tests/.
file(GLOB_RECURSE support_sources CONFIGURE_DEPENDS "tests/*.c")
list(FILTER support_sources EXCLUDE REGEX "(_test|/fuzz/[^/]*_fuzz|/corpus_main)\\.c$")
set(test_support "")
if(support_sources)
    add_library(sluice_test_support STATIC ${support_sources})
    target_link_libraries(sluice_test_support PRIVATE sluice_options sluice_static PkgConfig::CMOCKA)
    target_compile_options(sluice_test_support PRIVATE "SHELL:-iquote ${PROJECT_SOURCE_DIR}/src" "SHELL:-iquote ${PROJECT_SOURCE_DIR}/tests")
    set(test_support sluice_test_support)
endif()

file(GLOB_RECURSE group_tests CONFIGURE_DEPENDS "tests/*_test.c")
file(GLOB_RECURSE shell_tests CONFIGURE_DEPENDS "tests/*_test.sh")
if(SLUICE_FUZZ)
    # These run in the asan preset; here is what needs libFuzzer.
    set(unit_tests "")
    set(group_tests "")
    set(shell_tests "")
endif()
foreach(source IN LISTS unit_tests group_tests)
    string(REGEX REPLACE "^${PROJECT_SOURCE_DIR}/(src|tests)/(.*)_test\\.c$" "\\2" name "${source}")
    if(SLUICE_SANITIZE STREQUAL "thread" AND NOT name MATCHES "_threaded$")
        continue()
    endif()
    if(source IN_LIST unit_tests)
        set(group unit)
    else()
        string(REGEX REPLACE "/.*" "" group "${name}")
    endif()
    string(REPLACE "/" "_" target "test_${name}")
    set(cli_needs "")
    if(source IN_LIST cli_tests)
        set(cli_needs ${cli_sources})
        list(FILTER cli_needs EXCLUDE REGEX "/main\\.c$")
    endif()
    sluice_test_program(${target} "${source}" "${name}_test" ${cli_needs})
    add_test(NAME ${name} COMMAND ${target})
    sluice_test_properties(${name} ${group})
endforeach()

if(SLUICE_SANITIZE STREQUAL "thread")
    return()
endif()

file(GLOB fuzz_sources CONFIGURE_DEPENDS "tests/fuzz/*_fuzz.c")
foreach(source IN LISTS fuzz_sources)
    cmake_path(GET source STEM stem)
    string(REGEX REPLACE "_fuzz$" "" name "${stem}")
    if(SLUICE_FUZZ)
        sluice_test_program(fuzz_${name} "${source}" "fuzz/${stem}")
        target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
        # A short, repeatable run: that the target works. Long ones are started by hand (CONTRIBUTING.md).
        set(fuzz_arguments -runs=2000 -seed=1 -rss_limit_mb=4096)
    else()
        sluice_test_program(fuzz_${name} "${source}" "fuzz/${stem}" tests/fuzz/corpus_main.c)
        set(fuzz_arguments "")
    endif()
    if(IS_DIRECTORY "${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name}")
        list(APPEND fuzz_arguments "${PROJECT_SOURCE_DIR}/tests/fuzz/corpus/${name}")
        if(SLUICE_FUZZ)
            # New inputs go to the first folder; the committed corpus is only read.
            file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/corpus/${name}")
            list(INSERT fuzz_arguments 0 "${PROJECT_BINARY_DIR}/corpus/${name}")
        endif()
    endif()
    add_test(NAME fuzz/${name} COMMAND fuzz_${name} ${fuzz_arguments})
    sluice_test_properties(fuzz/${name} fuzz)
endforeach()

foreach(source IN LISTS shell_tests)
    string(REGEX REPLACE "^${PROJECT_SOURCE_DIR}/tests/(.*)_test\\.sh$" "\\1" name "${source}")
    string(REGEX REPLACE "/.*" "" group "${name}")
    if(group STREQUAL "packages" AND NOT (CMAKE_BUILD_TYPE STREQUAL "Release" AND CMAKE_C_COMPILER_ID STREQUAL "GNU"))
        continue() # it makes a build of its own, and once is enough
    endif()
    if(SLUICE_SANITIZE AND name MATCHES "desk_acts_postgres|migrate_kills")
        continue() # the same code as its neighbour's; what differs is a server that is not ours
    endif()
    add_test(NAME ${name} COMMAND bash "${source}")
    sluice_test_properties(${name} ${group})
    if(name MATCHES "console_static|packages/")
        set_tests_properties(${name} PROPERTIES RESOURCE_LOCK web_node_modules) # one writes there what the other one copies
    endif()
    if(group STREQUAL "packages")
        set_tests_properties(${name} PROPERTIES LABELS package)
    endif()
endforeach()
