# `cmake --install` (or make install, ninja install): the command, both libraries, the headers, pkg-config, CMake config.
include(CMakePackageConfigHelpers)

# yyjson from build/deps goes with us, in a folder of our own; the system's is found where it is.
set(private_libdir "${CMAKE_INSTALL_LIBDIR}/sluice")
set(install_rpath "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}")
# A package knows where its private folder is, and an absolute path is what distributions allow.
set(SLUICE_PRIVATE_PATH "" CACHE STRING "Absolute path of the private library folder; empty: relative to the files")
set(SLUICE_YYJSON_LIBS "-lyyjson")
if(SLUICE_YYJSON_BUNDLED)
    install(FILES "${SLUICE_YYJSON_BUNDLED}" DESTINATION "${private_libdir}" RENAME libyyjson.so.0
        PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
    list(APPEND install_rpath "$ORIGIN/../${private_libdir}")
    set(SLUICE_YYJSON_LIBS "\${libdir}/sluice/libyyjson.so.0 -Wl,-rpath,\${libdir}/sluice")
    set(SLUICE_YYJSON_FILE "${private_libdir}/libyyjson.so.0")
endif()
if(TARGET sluice)
    set_target_properties(sluice PROPERTIES INSTALL_RPATH "${install_rpath}")
    if(SLUICE_PRIVATE_PATH)
        set_target_properties(sluice PROPERTIES INSTALL_RPATH "${SLUICE_PRIVATE_PATH}")
    endif()
    install(TARGETS sluice)
endif()
set_target_properties(sluice_shared PROPERTIES INSTALL_RPATH "$ORIGIN;$ORIGIN/sluice" EXPORT_NAME sluice)
if(SLUICE_PRIVATE_PATH)
    set_target_properties(sluice_shared PROPERTIES INSTALL_RPATH "${SLUICE_PRIVATE_PATH}")
endif()
target_link_options(sluice_shared PRIVATE -Wl,--no-undefined)
set_target_properties(sluice_static PROPERTIES EXPORT_NAME static)
if(SLUICE_SANITIZE)
    # A sanitizer's symbols come from the program that loads the library.
    set_target_properties(sluice_shared PROPERTIES EXCLUDE_FROM_ALL ON)
    return()
endif()

install(TARGETS sluice_static sluice_shared EXPORT SluiceTargets)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/sluice" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
    FILES_MATCHING PATTERN "*.h")

# The rules that come with the program; the command looks for them beside itself.
install(DIRECTORY "${PROJECT_SOURCE_DIR}/rules" DESTINATION "${CMAKE_INSTALL_DATADIR}/sluice")

# The daemon's unit for systemd.
configure_file(packaging/systemd/sluice.service.in "${PROJECT_BINARY_DIR}/sluice.service" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/sluice.service" DESTINATION lib/systemd/system)

set(config_folder "${CMAKE_INSTALL_LIBDIR}/cmake/Sluice")
install(EXPORT SluiceTargets NAMESPACE Sluice:: DESTINATION "${config_folder}")
configure_package_config_file(packaging/SluiceConfig.cmake.in "${PROJECT_BINARY_DIR}/SluiceConfig.cmake"
    INSTALL_DESTINATION "${config_folder}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/SluiceConfigVersion.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/SluiceConfig.cmake" "${PROJECT_BINARY_DIR}/SluiceConfigVersion.cmake"
    DESTINATION "${config_folder}")

# The .pc file finds itself, so that an installed tree can be moved.
file(RELATIVE_PATH SLUICE_PC_PREFIX "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
string(REGEX REPLACE "/$" "" SLUICE_PC_PREFIX "${SLUICE_PC_PREFIX}")
configure_file(packaging/sluice.pc.in "${PROJECT_BINARY_DIR}/sluice.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/sluice.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
