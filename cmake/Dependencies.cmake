# What Sluice links to. Sets SLUICE_DEPENDENCIES, and SLUICE_YYJSON_BUNDLED to the file to install beside libsluice when
# yyjson comes from build/deps and not from the system.
set(SLUICE_CURE "run ./run build (or scripts/deps.sh build), which installs what is missing")

find_package(PkgConfig)
if(NOT PKG_CONFIG_FOUND)
    message(FATAL_ERROR "pkg-config is missing: ${SLUICE_CURE}")
endif()

function(sluice_find prefix module package)
    pkg_check_modules(${prefix} QUIET IMPORTED_TARGET ${module})
    if(NOT ${prefix}_FOUND)
        message(FATAL_ERROR "${module} was not found (Debian package ${package}): ${SLUICE_CURE}")
    endif()
endfunction()

sluice_find(SQLITE "sqlite3>=3.39" libsqlite3-dev)
sluice_find(PQ "libpq>=15" libpq-dev)
sluice_find(CRYPTO "libcrypto>=3.0" libssl-dev)
sluice_find(XXHASH "libxxhash>=0.8" libxxhash-dev)
sluice_find(PANGO "pangocairo>=1.50" libpango1.0-dev)
sluice_find(SODIUM "libsodium>=1.0.18" libsodium-dev)
sluice_find(MICROHTTPD "libmicrohttpd>=0.9.73" libmicrohttpd-dev)
sluice_find(GNUTLS "gnutls>=3.6" libgnutls28-dev)
sluice_find(CURL "libcurl>=7.88" libcurl4-openssl-dev)
sluice_find(SMPP "libsmpp34" libsmpp34-dev)
sluice_find(SOFIA "sofia-sip-ua>=1.12" libsofia-sip-ua-dev)
sluice_find(XML "libxml-2.0>=2.9" libxml2-dev)
sluice_find(XLSX "xlsxwriter>=1.1" libxlsxwriter-dev)
sluice_find(ZIP "libzip>=1.7" libzip-dev)

# libxgboost: by pkg-config where the package has a .pc file, else by its header and library.
pkg_check_modules(XGBOOST QUIET IMPORTED_TARGET "xgboost>=1.7")
if(XGBOOST_FOUND)
    set(xgboost PkgConfig::XGBOOST)
else()
    find_path(XGBOOST_HEADER xgboost/c_api.h)
    find_library(XGBOOST_LIBRARY xgboost)
    if(NOT XGBOOST_HEADER OR NOT XGBOOST_LIBRARY)
        message(FATAL_ERROR "xgboost 1.7 or newer was not found (Debian package libxgboost-dev): ${SLUICE_CURE}")
    endif()
    add_library(xgboost SHARED IMPORTED)
    set_target_properties(xgboost PROPERTIES
        IMPORTED_LOCATION "${XGBOOST_LIBRARY}" INTERFACE_INCLUDE_DIRECTORIES "${XGBOOST_HEADER}")
    set(xgboost xgboost)
endif()

# yyjson: the system's, else the one scripts/deps.sh unpacked.
pkg_check_modules(YYJSON QUIET IMPORTED_TARGET "yyjson>=0.8")
if(YYJSON_FOUND)
    set(yyjson PkgConfig::YYJSON)
else()
    file(GLOB yyjson_library "${PROJECT_SOURCE_DIR}/build/deps/yyjson/usr/lib/*/libyyjson.so")
    if(NOT yyjson_library)
        message(FATAL_ERROR "yyjson was not found (Debian 13's libyyjson-dev): ${SLUICE_CURE}. "
            "That needs this system's package mirror; without a network, install yyjson 0.8 or newer by hand so that "
            "pkg-config finds it.")
    endif()
    add_library(yyjson SHARED IMPORTED)
    set_target_properties(yyjson PROPERTIES
        IMPORTED_LOCATION "${yyjson_library}"
        IMPORTED_SONAME libyyjson.so.0
        INTERFACE_INCLUDE_DIRECTORIES "${PROJECT_SOURCE_DIR}/build/deps/yyjson/usr/include")
    set(yyjson yyjson)
    file(REAL_PATH "${yyjson_library}" SLUICE_YYJSON_BUNDLED)
endif()

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)

set(SLUICE_DEPENDENCIES PkgConfig::SQLITE PkgConfig::PQ PkgConfig::CRYPTO PkgConfig::XXHASH PkgConfig::SODIUM
    PkgConfig::MICROHTTPD PkgConfig::GNUTLS PkgConfig::PANGO PkgConfig::CURL PkgConfig::SMPP PkgConfig::SOFIA PkgConfig::XML PkgConfig::XLSX PkgConfig::ZIP
    ${xgboost} ${yyjson} Threads::Threads m)
