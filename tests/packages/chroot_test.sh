#!/usr/bin/env bash
# The Debian packages in a clean system: built, checked by lintian, installed, upgraded, removed and purged in a chroot of
# this Debian release (debootstrap, minbase), with the daemon at work in it. Skipped (77) without root, debootstrap, mount
# namespaces or a mirror.
#
# Everything that is mounted is mounted in a namespace of its own, which ends with this script: no mount is left behind,
# and what is removed in the end can be nothing but files of the chroot.
set -euo pipefail

skip() {
    echo "$*: skipped"
    exit 77
}
if [ "${SLUICE_CHROOT_INSIDE:-}" != yes ]; then
    [ "$(id -u)" = 0 ] || skip "not root"
    for tool in debootstrap dpkg-buildpackage dh unshare curl; do
        command -v "$tool" >/dev/null || skip "no $tool"
    done
    unshare --mount --propagation private true 2>/dev/null || skip "mount namespaces are not allowed here"
    release=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
    mirror=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Identifier: Packages' 2>/dev/null |
        awk -v release="$release" '$2 == release && $3 == "main" { print $1; exit }')
    mirror=${mirror%/}
    [ -n "$mirror" ] || skip "apt knows no mirror of $release"
    curl -sfo /dev/null --max-time 20 "$mirror/dists/$release/InRelease" || skip "the mirror does not answer"
    # A folder of /work's own disk: /tmp may be small, or mounted so that nothing runs there.
    mkdir -p build
    root=$(mktemp -d "$PWD/build/chroot-XXXXXX")
    chmod 755 "$root" # it is everybody's `/` inside
    code=0
    SLUICE_CHROOT_INSIDE=yes CHROOT=$root RELEASE=$release MIRROR=$mirror \
        unshare --mount --propagation private --kill-child --fork --pid bash "$0" || code=$?
    rm -rf --one-file-system "$root"
    exit "$code"
fi

failed() {
    echo "FAILED: $*"
    exit 1
}
check() { # check WHAT COMMAND…
    local what=$1
    shift
    "$@" || failed "$what"
    echo "ok    $what"
}
inside=(chroot "$CHROOT" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8
    DEBIAN_FRONTEND=noninteractive)
within() { "${inside[@]}" "$@"; }
install_debs() { within apt-get -qq install -y --no-install-recommends -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold \
    "$@" >>"$CHROOT/../chroot-apt.log" 2>&1 || { tail -n 30 "$CHROOT/../chroot-apt.log"; failed "apt-get install $*"; }; }

# ---- the packages, and older ones to come from ----

if command -v ccache >/dev/null; then
    export CMAKE_C_COMPILER_LAUNCHER=ccache CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
fi
if [ "${SLUICE_PACKAGES:-}" != there ]; then # while writing this test: those of the run before
    scripts/package.sh --fast || failed "scripts/package.sh (build, lintian)"
    echo "ok    built, and lintian has neither error nor warning"
fi

: >build/chroot-apt.log
# The base system is kept for a week: making it is most of the time.
base=build/chroot-base-$RELEASE.tar
if [ -z "$(find "$base" -mtime -7 2>/dev/null)" ]; then
    # The mirror is not ours: what broke off is gone on with, three times.
    for turn in 1 2 3; do
        debootstrap --variant=minbase "$RELEASE" "$CHROOT" "$MIRROR" >build/chroot-debootstrap.log 2>&1 && break
        [ "$turn" -lt 3 ] || {
            tail -n 20 build/chroot-debootstrap.log
            failed "debootstrap"
        }
        sleep 5
    done
    tar -C "$CHROOT" --one-file-system --numeric-owner -cf "$base.partial" . && mv "$base.partial" "$base"
else
    tar -C "$CHROOT" --numeric-owner -xf "$base"
fi
echo force-unsafe-io >"$CHROOT/etc/dpkg/dpkg.cfg.d/unsafe-io" # nothing here outlives the test
echo 'Acquire::Retries "5";' >"$CHROOT/etc/apt/apt.conf.d/80-retries"
mount -t proc proc "$CHROOT/proc"
mkdir -p "$CHROOT/debs/old" "$CHROOT/debs/new"
version=$(sed -n 's/^project(sluice VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
for package in sluice libsluice0 libsluice-dev sluice-console; do
    deb=$(ls build/packages/"${package}"_*.deb)
    cp "$deb" "$CHROOT/debs/new/$package.deb"
    dpkg-deb -R "$deb" "$CHROOT/debs/work"
    sed -i "s/^Version: .*/Version: 0.0.9/; s/(= $version)/(= 0.0.9)/" "$CHROOT/debs/work/DEBIAN/control"
    if [ "$package" = sluice ]; then # its configuration was another one, so that the upgrade has something to settle
        sed -i 's/^# What the daemon is started with.*/# An older text./' "$CHROOT/debs/work/etc/sluice/serve.env"
    fi
    dpkg-deb --root-owner-group -b "$CHROOT/debs/work" "$CHROOT/debs/old/$package.deb" >/dev/null
    rm -rf "$CHROOT/debs/work"
done
within apt-get -qq update

# What is there of files and users, without what apt, dpkg and adduser keep for themselves.
picture() {
    (cd "$CHROOT" && find . -xdev \( -path ./proc -o -path ./debs -o -path ./var/lib/dpkg -o -path ./var/lib/apt \
        -o -path ./var/cache -o -path ./var/log -o -path ./tmp -o -path ./root -o -path ./run -o -path './etc/*-' \) -prune -o -print | LC_ALL=C sort)
    grep -c . "$CHROOT/etc/passwd"
}
# The packages that ours need, first, so that what ours leave can be told from theirs.
needs=$(for deb in "$CHROOT"/debs/new/*.deb; do dpkg-deb -f "$deb" Depends; done | tr ',' '\n' |
    sed 's/|.*//; s/(.*//; s/ //g' | grep -v -e '^libsluice' -e '^sluice' | sort -u)
# shellcheck disable=SC2086
install_debs $needs
picture >"$CHROOT/debs/before"

# ---- install ----

port=$((20000 + $$ % 12000)) # below those that the kernel gives to whoever asks for any
setting() { sed -n "s/^$1=//p" "$CHROOT/etc/sluice/serve.env"; } # a line is a value, as systemd reads it
start_daemon() { # as the unit does: its user, its environment file. Each program becomes the next: one process to end
    "${inside[@]}" sh -c 'cd /var/lib/sluice; umask 077; options=$3
        exec setpriv --reuid=sluice --regid=sluice --clear-groups --no-new-privs \
            sluice serve --db "$1" --listen "$2" $options' sh \
        "$(setting SLUICE_DB)" "$(setting SLUICE_LISTEN)" "$(setting SLUICE_OPTIONS)" 2>"$CHROOT/debs/log" &
    daemon=$!
    for _ in $(seq 600); do
        curl -sf "http://127.0.0.1:$port/readyz" >/dev/null && return
        kill -0 "$daemon" 2>/dev/null || break
        sleep 0.1
    done
    cat "$CHROOT/debs/log"
    failed "the daemon does not start"
}
stop_daemon() {
    kill "$daemon"
    wait "$daemon" || failed "the daemon ended badly: $(tail -n 3 "$CHROOT/debs/log")"
}
owner_is() { [ "$(within stat -c '%U:%G %a' "/$1")" = "$2" ] || { within ls -ld "/$1"; return 1; }; }

install_debs /debs/old/sluice.deb /debs/old/libsluice0.deb /debs/old/sluice-console.deb
check "the user is a system user without a shell" \
    grep -q '^sluice:.*:/var/lib/sluice:/usr/sbin/nologin$' "$CHROOT/etc/passwd"
check "its folder is its own alone" owner_is var/lib/sluice "sluice:sluice 700"
check "the configuration is root's, and nobody else reads it" owner_is etc/sluice "root:sluice 750"
check "serve.env is readable by the daemon's group" owner_is etc/sluice/serve.env "root:sluice 640"
check "the unit is there" test -f "$CHROOT/lib/systemd/system/sluice.service"
check "the command runs" within sluice --version
check "manual pages of every command are there" bash -c '
    for command in $(chroot "$CHROOT" sluice --help | sed -n "/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p"); do
        test -f "$CHROOT/usr/share/man/man1/sluice-$command.1.gz" || { echo "none of $command"; exit 1; }
    done'
check "rules come with it" within sluice rules check /usr/share/sluice/rules
sed -i "s/^SLUICE_LISTEN=.*/SLUICE_LISTEN=127.0.0.1:$port/" "$CHROOT/etc/sluice/serve.env"
code=$(within setpriv --reuid=sluice --regid=sluice --clear-groups sluice user --db /var/lib/sluice/centre.db --login admin \
    --name 管理员 --roles administrator)
start_daemon
sign_in() {
    curl -sf "http://127.0.0.1:$port/v1/session" -H 'Content-Type: application/json' \
        -d '{"login":"admin","password":"correct horse battery staple"}' | sed -n 's/.*"token":"\([^"]*\)".*/\1/p'
}
curl -sf "http://127.0.0.1:$port/v1/session/password" -H 'Content-Type: application/json' \
    -d "{\"login\":\"admin\",\"code\":\"$code\",\"password\":\"correct horse battery staple\"}" || failed "activation"
token=$(sign_in)
check "somebody signs in" test -n "$token"
# Without npm's packages the program is built without its console (scripts/package.sh --fast).
if [ -d web/node_modules ]; then
    console_is_served() {
        local page asset count=0
        page=$(curl -sf "http://127.0.0.1:$port/") || return
        for asset in $(grep -o '\(src\|href\)="/[^"]*"' <<<"$page" | cut -d'"' -f2); do
            curl -sf -o /dev/null "http://127.0.0.1:$port$asset" || { echo "not there: $asset"; return 1; }
            count=$((count + 1))
        done
        [ "$count" -gt 1 ] && grep -q '<script' <<<"$page"
    }
    check "the console is served, with what its page names" console_is_served
fi
job=$(curl -sfi -X POST "http://127.0.0.1:$port/v1/backups" -H "Authorization: Bearer $token" |
    tr -d '\r' | sed -n 's/^Location: //ip')
for _ in $(seq 600); do
    state=$(curl -sf "http://127.0.0.1:$port$job" -H "Authorization: Bearer $token")
    case $state in *'"state":"done"'*) break ;; *'"state":"failed"'*) failed "backup: $state" ;; esac
    sleep 0.1
done
check "a backup is where serve.env says" bash -c 'ls "$CHROOT"/var/lib/sluice/backups/sluice-*.backup >/dev/null'
stop_daemon
check "nobody else can read the database" within sh -c '! setpriv --reuid=nobody --regid=nogroup --clear-groups \
    head -c 1 /var/lib/sluice/centre.db 2>/dev/null'

# ---- the library: a program that was built outside runs inside ----

install_debs /debs/old/libsluice-dev.deb
triplet=$(dpkg-architecture -qDEB_HOST_MULTIARCH)
cc -std=c11 -Wall -Werror -I"$CHROOT/usr/include" examples/follow_money.c -o "$CHROOT/debs/example" \
    -L"$CHROOT/usr/lib/$triplet" -Wl,--allow-shlib-undefined -lsluice
check "a program is built against libsluice-dev and runs with libsluice0" within /debs/example /debs/example.db

# ---- the console's entry ----

printf '#!/bin/sh\necho "opened $1"\n' >"$CHROOT/usr/local/bin/xdg-open"
chmod +x "$CHROOT/usr/local/bin/xdg-open"
opened=$(within env PATH=/usr/local/bin:/usr/bin:/bin sluice-console)
check "the console opens the configured address" test "$opened" = "opened http://127.0.0.1:8080/"
rm "$CHROOT/usr/local/bin/xdg-open"

# ---- upgrade ----

install_debs /debs/new/sluice.deb /debs/new/libsluice0.deb /debs/new/libsluice-dev.deb /debs/new/sluice-console.deb
check "the new version is there" bash -c '[ "$(chroot "$CHROOT" dpkg-query -W -f "\${Version}" sluice)" = '"$version"' ]'
check "what was configured stays" grep -q "^SLUICE_LISTEN=127.0.0.1:$port$" "$CHROOT/etc/sluice/serve.env"
check "what was readable for few still is" owner_is etc/sluice/serve.env "root:sluice 640"
start_daemon
check "who could sign in still can" test -n "$(sign_in)"
stop_daemon

# ---- remove, purge ----

within apt-get -qq remove -y sluice sluice-console libsluice-dev libsluice0 >>build/chroot-apt.log 2>&1
check "removed, the program is gone" test ! -e "$CHROOT/usr/bin/sluice"
check "removed, the configuration stays" test -f "$CHROOT/etc/sluice/serve.env"
check "removed, the database stays" test -f "$CHROOT/var/lib/sluice/centre.db"
# What has no configuration is gone already, and apt does not know it any more.
within dpkg --purge sluice sluice-console >"$CHROOT/debs/purge.log" 2>&1 || failed "purge: $(cat "$CHROOT/debs/purge.log")"
check "purged, the configuration is gone" test ! -e "$CHROOT/etc/sluice"
check "purged, the database stays, for it is evidence" test -f "$CHROOT/var/lib/sluice/centre.db"
check "purged, the snapshot is gone" bash -c '! ls "$CHROOT"/var/lib/sluice/*-snapshot 2>/dev/null'
check "purge says what stays and how to remove it" grep -q 'rm -r /var/lib/sluice' "$CHROOT/debs/purge.log"
install_debs /debs/new/sluice.deb /debs/new/libsluice0.deb
sed -i "s/^SLUICE_LISTEN=.*/SLUICE_LISTEN=127.0.0.1:$port/" "$CHROOT/etc/sluice/serve.env"
start_daemon
check "installed again, it goes on with the database" test -n "$(sign_in)"
stop_daemon
rm -rf "$CHROOT"/var/lib/sluice/centre.db* "$CHROOT"/var/lib/sluice/backups/*
within apt-get -qq purge -y sluice libsluice0 >>build/chroot-apt.log 2>&1 || failed "purge: $(tail -n 5 build/chroot-apt.log)"
picture >"$CHROOT/debs/after"
check "purged without a database, nothing is left, nor the user" diff "$CHROOT/debs/before" "$CHROOT/debs/after"
echo "all of it, in $SECONDS s"
