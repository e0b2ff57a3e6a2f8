# The console (web/) inside the program: built by npm and Vite, its files one block of bytes and one table of what they
# are (web/scripts/embed.mjs). Off by default, so that builds for tests of the daemon alone stay fast; the release preset
# has it. A daemon without it says so at `/`.
option(SLUICE_CONSOLE "Build the web console into the program (needs npm)" OFF)

set(console_folder "${PROJECT_BINARY_DIR}/generated/console")
file(MAKE_DIRECTORY "${console_folder}")
if(SLUICE_CONSOLE)
    enable_language(ASM)
    file(GLOB_RECURSE console_sources CONFIGURE_DEPENDS
        "web/src/*" "web/public/*" "web/scripts/*" "web/*.json" "web/*.ts" "web/*.html" "web/node/*.json" "web/build.sh")
    list(FILTER console_sources EXCLUDE REGEX "/node_modules/")
    add_custom_command(
        OUTPUT "${console_folder}/web_files.c" "${console_folder}/web_files.bin"
        COMMAND bash "${PROJECT_SOURCE_DIR}/web/build.sh" "${console_folder}"
        DEPENDS ${console_sources}
        COMMENT "Building the console"
        VERBATIM)
    file(CONFIGURE OUTPUT "${console_folder}/web_bytes.S" CONTENT
        "    .section .rodata\n    .balign 16\n    .global WEB_BYTES\n    .hidden WEB_BYTES\nWEB_BYTES:\n\
    .incbin \"${console_folder}/web_files.bin\"\n    .section .note.GNU-stack,\"\",%progbits\n" @ONLY)
    set_source_files_properties("${console_folder}/web_bytes.S" PROPERTIES OBJECT_DEPENDS "${console_folder}/web_files.bin")
    list(APPEND embedded "${console_folder}/web_files.c" "${console_folder}/web_bytes.S")
else()
    file(CONFIGURE OUTPUT "${console_folder}/no_web_files.c" CONTENT
        "/* Made by cmake/Console.cmake: this build has no console. */\n#include \"server/web_private.h\"\n\
const web_file WEB_FILES[] = {{0}};\nconst size_t WEB_FILE_COUNT = 0;\nconst unsigned char WEB_BYTES[] = {0};\n" @ONLY)
    list(APPEND embedded "${console_folder}/no_web_files.c")
endif()
