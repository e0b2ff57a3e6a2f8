# How every file of ours is compiled: sluice_options.
add_library(sluice_options INTERFACE)
target_compile_definitions(sluice_options INTERFACE _GNU_SOURCE _FILE_OFFSET_BITS=64)

# A type and a variable of it may share a name here (`arena *arena`), and gcc's plain -Wshadow counts that as shadowing;
# clang's does not. So gcc looks for variables that hide variables, and clang for everything else.
set(shadow -Wshadow)
if(CMAKE_C_COMPILER_ID STREQUAL "GNU")
    set(shadow -Wshadow=local)
endif()
target_compile_options(sluice_options INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion ${shadow} -Wstrict-prototypes -Wmissing-prototypes
    -Wcast-qual -Wformat=2 -Wundef -Wvla -Werror
    -fno-common -fstack-protector-strong -fno-semantic-interposition)

if(SLUICE_SANITIZE)
    set(sanitize "-fsanitize=${SLUICE_SANITIZE}" -fno-sanitize-recover=all -fno-omit-frame-pointer)
    if(SLUICE_FUZZ)
        list(APPEND sanitize -fsanitize=fuzzer-no-link)
    endif()
    target_compile_options(sluice_options INTERFACE ${sanitize})
    # The libraries are linked with it too, and so is whoever links them.
    add_link_options("-fsanitize=${SLUICE_SANITIZE}")
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
    target_compile_options(sluice_options INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
    target_link_options(sluice_options INTERFACE -Wl,-z,relro,-z,now)
endif()

# What is shipped is linked as a whole; tests are not worth the wait.
add_library(sluice_lto INTERFACE)
if(SLUICE_LTO)
    include(CheckIPOSupported)
    check_ipo_supported(RESULT lto_works OUTPUT lto_output LANGUAGES C)
    if(lto_works AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
        # Fat objects: the installed libsluice.a serves any compiler, and tests link it as it is.
        target_compile_options(sluice_lto INTERFACE -flto=auto -ffat-lto-objects)
        target_link_options(sluice_lto INTERFACE -flto=auto -O3)
        set(SLUICE_NO_LTO_LINK_OPTIONS -fno-lto)
    else()
        message(STATUS "Link-time optimisation is off: ${CMAKE_C_COMPILER_ID} ${lto_output}")
    endif()
endif()
