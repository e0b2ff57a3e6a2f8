# Files that the program carries with it: docs/schema/*.schema.json become src/server's PUBLISHED_… schemas, so that what
# is served at /openapi.json is what is published.
set(embedded "${PROJECT_BINARY_DIR}/generated/published_schemas.c")
set(text "/* Made by cmake/Embed.cmake from docs/schema. */\n#include \"server/routes_private.h\"\n")
foreach(name account finding trace)
    set(file "${PROJECT_SOURCE_DIR}/docs/schema/${name}.schema.json")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    file(READ "${file}" hex HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
    string(TOUPPER "${name}" upper)
    string(APPEND text "static const unsigned char ${upper}_BYTES[] = {${bytes}};\n"
        "const api_schema PUBLISHED_${upper} = {.name = \"published_${name}\", .json = (const char *)${upper}_BYTES,\n"
        "    .json_length = sizeof ${upper}_BYTES};\n")
endforeach()
file(CONFIGURE OUTPUT "${embedded}" CONTENT "${text}" @ONLY)
