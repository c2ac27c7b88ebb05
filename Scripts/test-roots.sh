#!/bin/bash
# Makes the Debian roots that the interoperability tests compare Caisson with.
#
#   test-roots.sh DIR
#
# For each suite, in DIR:
#   SUITE/root        minbase, without ca-certificates
#   SUITE-ca/root     the same with ca-certificates and openssl
#   SUITE-few/root    what Debian's tool needs of it and a handful of public roots: quickly copied, quickly updated
#   SUITE-java/root   SUITE-ca with ca-certificates-java and a headless JRE
#   SUITE-debs/ca     the packages that turn SUITE into SUITE-ca, for `dpkg -i` without a network
#   SUITE-p11-kit/root  p11-kit's `trust` with the libraries that it needs, and nothing else; also for sid
#
# What is there already, with the same key (suite, packages, this recipe), is left alone and nothing
# is downloaded. Each step is made aside and renamed, so a run that was cut off leaves no half root.
# Needs root (exit 77 without), debootstrap and apt-get. Mounts nothing that outlives it.
set -euo pipefail

recipe=1 # count up when what is made below changes
suites=(bookworm trixie)
ca_packages="ca-certificates openssl"
p11kit_packages="p11-kit p11-kit-modules"
declare -A java_packages=(
    [bookworm]="ca-certificates-java openjdk-17-jre-headless"
    [trixie]="ca-certificates-java openjdk-21-jre-headless"
)
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

[ $# = 1 ] || { echo "usage: $0 DIR" >&2; exit 64; }
[ "$(id -u)" = 0 ] || { echo "$0: needs root, because debootstrap does" >&2; exit 77; }
mkdir -p "$1"
dir=$(cd "$1" && pwd)
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 PATH="$PATH:/usr/sbin:/sbin"
unset SSL_CERT_FILE SSL_CERT_DIR

# Two runs at once take turns.
exec 9>"$dir/.lock"
flock 9

say() { printf '%s: %s\n' "${0##*/}" "$*" >&2; }

# The Debian mirror that this machine's apt uses; the standard one where it uses none.
mirror() {
    local uri
    uri=$(apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
        awk '$1 == "Debian" && $2 == "Debian" && !n++ { print $3 }')
    if [ -z "$uri" ]; then # sources that were never updated carry no origin
        uri=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
            grep -m 1 -E '/debian/?$' || true)
    fi
    echo "${uri:-http://deb.debian.org/debian}"
}

# make NAME KEY COMMAND...: DIR/NAME by COMMAND, which gets the directory to fill as its last argument.
make() {
    local name=$1 key="recipe $recipe, $2" partial
    shift 2
    if [ "$(cat "$dir/$name/key" 2>/dev/null)" = "$key" ]; then return; fi
    say "making $name"
    partial=$dir/.partial-$name
    rm -rf "$partial" "$dir/$name"
    mkdir "$partial"
    # In the background, because `set -e` counts for nothing left of a `||` or within an `if`.
    "$@" "$partial" >"$partial/log" 2>&1 &
    wait $! || { tail -n 30 "$partial/log" >&2; say "cannot make $name"; return 1; }
    echo "$key" >"$partial/key"
    mv "$partial" "$dir/$name"
}

# What takes room and time in every copy, and no trust store looks at.
slim() {
    rm -rf "$1"/usr/share/{doc,man,info,locale,zoneinfo,i18n,bash-completion,lintian} \
        "$1"/usr/lib/*/{gconv,perl-base/unicore} "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/* \
        "$1"/var/cache/debconf/*-old "$1"/var/lib/dpkg/*-old "$1"/var/log/bootstrap.log
}

minbase() {
    local suite=$1 to=$2 script=()
    # An older debootstrap doesn't know a newer suite; all of them are made like sid.
    [ -e "/usr/share/debootstrap/scripts/$suite" ] || script=(/usr/share/debootstrap/scripts/sid)
    debootstrap --variant=minbase --keyring="$keyring" "$suite" "$to/root" "$mirror" "${script[@]}"
    slim "$to/root"
}

# download SUITE "PACKAGES" STATUS-ROOT TO: what is missing in the root, by this machine's own apt.
download() {
    local suite=$1 packages=$2 root=$3 to=$4 apt
    mkdir -p "$to"/{apt/lists/partial,debs/partial}
    echo "deb [signed-by=$keyring] $mirror $suite main" >"$to/apt/sources.list"
    apt=(apt-get -q -y
        -o "Dir::Etc::SourceList=$to/apt/sources.list" -o Dir::Etc::SourceParts=-
        -o "Dir::State=$to/apt" -o "Dir::State::Lists=$to/apt/lists" -o "Dir::State::status=$root/var/lib/dpkg/status"
        -o "Dir::Cache=$to/apt" -o "Dir::Cache::archives=$to/debs" -o APT::Sandbox::User=root
        -o APT::Update::Post-Invoke= -o APT::Keep-Downloaded-Packages=true)
    "${apt[@]}" update
    # shellcheck disable=SC2086 # a list of packages
    "${apt[@]}" --download-only --no-install-recommends install $packages
    rm -rf "$to/apt" "$to/debs/partial" "$to/debs/lock"
    ls "$to"/debs/*.deb
}

# installed FROM-ROOT DEBS TO: a copy of the root with the packages in it.
installed() {
    local from=$1 debs=$2 to=$3
    cp -a --reflink=auto "$from" "$to/root"
    mkdir "$to/root/debs"
    cp "$debs"/*.deb "$to/root/debs/"
    # Java wants /proc; the mount ends with its namespace.
    # shellcheck disable=SC2016 # expanded by the inner shell
    unshare --mount --propagation private sh -c '
        mount -t proc proc "$0/proc" && exec chroot "$0" sh -c "mkdir -p /usr/share/man/man1 && dpkg -i /debs/*.deb"
    ' "$to/root"
    rm -rf "$to/root/debs"
    slim "$to/root"
}

# few FROM-ROOT TO: what update-ca-certificates needs of the root, and only the first of its packaged public roots.
few() {
    local from=$1 to=$2/root tool file
    mkdir -p "$to"/usr/{bin,sbin,lib,share}
    cp -a "$from"/{bin,sbin,lib*,dev,etc,tmp} "$to/"
    cp -a "$from/usr/local" "$to/usr/"
    cp -a "$from/usr/lib/ssl" "$to/usr/lib/"
    cp -a "$from/usr/share/ca-certificates" "$to/usr/share/"
    cp -a "$from/usr/sbin/update-ca-certificates" "$to/usr/sbin/"
    for tool in sh basename cat chmod env find ln mktemp mv openssl readlink rm run-parts sed sort \
        test wc; do
        install -D "$from/usr/bin/$tool" "$to/usr/bin/$tool"
        chroot "$from" env LD_TRACE_LOADED_OBJECTS=1 "/usr/bin/$tool" | grep -o '/[^ ]*' | while read -r file; do
            install -D "$from/usr${file#/usr}" "$to/usr${file#/usr}"
        done
    done
    { grep '^#' "$from/etc/ca-certificates.conf" && grep -m 8 -v '^[#!]' "$from/etc/ca-certificates.conf"; } \
        >"$to/etc/ca-certificates.conf"
    chroot "$to" update-ca-certificates --fresh 2>&1 | tee "$2/output"
    # The script goes on without a tool that it can't find.
    if grep -qE 'not found|No such file' "$2/output"; then return 1; fi
}

# unpacked SUITE "PACKAGES" TO: packages without their dependencies, unpacked and not installed.
unpacked() {
    local suite=$1 packages=$2 to=$3 deb
    mkdir -p "$to"/{root,empty/var/lib/dpkg}
    : >"$to/empty/var/lib/dpkg/status"
    download "$suite" "$packages" "$to/empty" "$to"
    for deb in "$to"/debs/*.deb; do dpkg-deb -x "$deb" "$to/root"; done
    rm -rf "$to/debs" "$to/empty"
    for link in bin lib lib64 sbin; do [ -e "$to/root/$link" ] || ln -s "usr/$link" "$to/root/$link"; done
    slim "$to/root"
    # The place where a test mounts its root.
    mkdir "$to/root/w"
    test -x "$to/root/usr/bin/trust"
}

suite() {
    local suite=$1
    make "$suite" "$suite minbase" minbase "$suite"
    make "$suite-debs" "$suite: $ca_packages" download "$suite" "$ca_packages" "$dir/$suite/root"
    make "$suite-ca" "$suite: $ca_packages" installed "$dir/$suite/root" "$dir/$suite-debs/debs"
    make "$suite-few" "$suite: $ca_packages, alone" few "$dir/$suite-ca/root"
    make "$suite-java-debs" "$suite: ${java_packages[$suite]}" \
        download "$suite" "${java_packages[$suite]}" "$dir/$suite-ca/root"
    make "$suite-java" "$suite: ${java_packages[$suite]}" installed "$dir/$suite-ca/root" "$dir/$suite-java-debs/debs"
    p11kit "$suite"
}

p11kit() { make "$1-p11-kit" "$1: $p11kit_packages" unpacked "$1" "$p11kit_packages"; }

mirror=$(mirror)
jobs=()
for suite in "${suites[@]}"; do
    suite "$suite" &
    jobs+=($!)
done
p11kit sid &
jobs+=($!)
status=0
for job in "${jobs[@]}"; do wait "$job" || status=1; done
exit $status
