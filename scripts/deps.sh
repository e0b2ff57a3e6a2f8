#!/usr/bin/env bash
# Installs what is missing to build (`scripts/deps.sh build`), to show the demonstration (`run`), to build and test (`test`), or to
# make the Debian packages (`package`).
#
# Only what is missing, only from the mirrors this machine's apt is already set to, and it says what. yyjson is packaged
# from Debian 13 on; an older system gets that package unpacked into build/deps, through an apt that keeps its own lists
# and its own one-line source, so the system's sources stay as they are.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

BUILD_PACKAGES=(cmake ninja-build gcc libc6-dev pkg-config libsqlite3-dev libpq-dev libssl-dev libxxhash-dev
    libxgboost-dev libmicrohttpd-dev libgnutls28-dev libsodium-dev
    libpango1.0-dev libcurl4-openssl-dev libsmpp34-dev libxml2-dev libxlsxwriter-dev libzip-dev)
RUN_PACKAGES=(python3)
TEST_PACKAGES=(g++ make git python3 python3-yaml python3-jsonschema clang clang-tidy clang-format libclang-rt-dev llvm libcmocka-dev
    chromium curl wrk postgresql fonts-noto-cjk procps util-linux openssl)
PACKAGE_PACKAGES=(debhelper dpkg-dev lintian debootstrap man-db groff-base zsh)

say() { printf '%s\n' "$*"; }
fail() {
    printf 'scripts/deps.sh: %s\n' "$*" >&2
    exit 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "needs root to install packages and there is no sudo. Run as root: apt-get install ${missing[*]}"
    fi
}

lists_are_fresh=no
update_lists() {
    if [ "$lists_are_fresh" = no ]; then
        # A third party's source that does not answer must not stop us: what counts is whether the install works.
        as_root apt-get -qq update || say "apt-get update: some sources did not answer; going on with the others"
        lists_are_fresh=yes
    fi
}

is_installed() { [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

install_packages() {
    missing=()
    for package in "$@"; do
        is_installed "$package" || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    say "Installing from this system's package mirror: ${missing[*]}"
    update_lists
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends \
        -o Dpkg::Use-Pty=0 "${missing[@]}" >build/apt.log 2>&1 || {
        tail -n 20 build/apt.log >&2
        fail "apt-get install failed (all of its output: build/apt.log). Is the package mirror reachable? \
By hand: apt-get update && apt-get install ${missing[*]}"
    }
}

# The address of the archive that this system's own packages come from, as apt has it.
archive_uri() {
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Identifier: Packages' 2>/dev/null |
        awk -v release="$1" '$2 == release && $3 == "main" { print $1; exit }'
}

has_yyjson() {
    pkg-config --exists yyjson 2>/dev/null || compgen -G 'build/deps/yyjson/usr/lib/*/libyyjson.so' >/dev/null
}

# For the console (web/). A Node that somebody installed by hand is as good as Debian's; one that is too old for the build is
# helped out by web/build.sh.
install_node() {
    if ! command -v node >/dev/null; then
        install_packages nodejs npm
    elif ! command -v npm >/dev/null; then
        install_packages npm
    fi
}

install_yyjson() {
    has_yyjson && return
    if apt-cache show libyyjson-dev >/dev/null 2>&1; then
        install_packages libyyjson-dev
        return
    fi
    local suite=trixie release uri folder=$PWD/build/deps/yyjson-apt
    release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    uri=$(archive_uri "$release")
    [ -n "$uri" ] || uri=$(archive_uri stable)
    [ -n "$uri" ] || fail "this system's apt has no Debian archive to fetch libyyjson-dev from. \
Install yyjson 0.8 or newer by hand so that pkg-config finds it."
    say "Fetching yyjson (libyyjson-dev of Debian $suite) into build/deps"
    rm -rf "$folder" build/deps/yyjson
    mkdir -p "$folder"/{lists/partial,cache/archives/partial,debs}
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $suite main" >"$folder/sources.list"
    local private_apt=(apt-get -qq -o "Dir::Etc::sourcelist=$folder/sources.list" -o Dir::Etc::sourceparts=/dev/null
        -o "Dir::State::lists=$folder/lists" -o "Dir::Cache=$folder/cache" -o Acquire::Languages=none
        -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o APT::Update::Post-Invoke-Success::=
        -o APT::Sandbox::User=root)
    local log=build/deps/yyjson.log
    { "${private_apt[@]}" update && cd "$folder/debs" && "${private_apt[@]}" download libyyjson-dev libyyjson0; } \
        >"$log" 2>&1 || {
        cat "$log" >&2
        fail "libyyjson-dev could not be fetched. Connect this machine to its package mirror and run again, \
or install yyjson 0.8 or newer by hand so that pkg-config finds it."
    }
    cd - >/dev/null
    for deb in "$folder"/debs/*.deb; do
        dpkg-deb -x "$deb" build/deps/yyjson
    done
    rm -rf "$folder"
    has_yyjson || fail "the fetched package has no libyyjson.so: please report this"
}

mkdir -p build/deps
command -v apt-get >/dev/null || fail "this system has no apt. Install by hand, under this system's names: \
${BUILD_PACKAGES[*]} libyyjson-dev (for ./test also: ${TEST_PACKAGES[*]}), then: cmake --preset release"
case ${1:-} in
build) install_packages "${BUILD_PACKAGES[@]}" ;;
run) install_packages "${BUILD_PACKAGES[@]}" "${RUN_PACKAGES[@]}" ;;
test) install_packages "${BUILD_PACKAGES[@]}" "${TEST_PACKAGES[@]}" "${PACKAGE_PACKAGES[@]}" ;;
package) install_packages "${BUILD_PACKAGES[@]}" "${PACKAGE_PACKAGES[@]}" ;;
*) fail "usage: scripts/deps.sh build|run|test|package" ;;
esac
install_node
install_yyjson
