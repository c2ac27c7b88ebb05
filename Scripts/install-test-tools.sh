#!/bin/sh
# Installs, with apt-get, whatever is missing on this machine to build Caisson, or to test it.
#
#   install-test-tools.sh          everything `make test` needs
#   install-test-tools.sh demo     only what `make demo` needs
#   install-test-tools.sh build    only what a build needs
#
# Nothing is downloaded where nothing is missing. Without root, or without apt-get, the missing
# packages are named and the exit code is 77.
set -eu

# One line per tool: the command (or file) that shows it is there, and the package that brings it.
build_libraries="
/usr/include/zlib.h zlib1g-dev
/usr/include/zstd.h libzstd-dev
"
demo_tools="
openssl            openssl
"
test_tools="
busybox            busybox-static
curl               curl
debootstrap        debootstrap
/usr/share/keyrings/debian-archive-keyring.gpg debian-archive-keyring
javac              default-jdk-headless
openssl            openssl
keytool            default-jre-headless
python3            python3
dockerd            docker.io
/etc/ssl/certs/ca-certificates.crt ca-certificates
skopeo             skopeo
strace             strace
tinyproxy          tinyproxy-bin
trust              p11-kit
xz                 xz-utils
umoci              umoci
unshare            util-linux
setfattr           attr
/usr/bin/time      time
zstd               zstd
"

case ${1-test} in
    build) wanted=$build_libraries ;;
    demo) wanted=$build_libraries$demo_tools ;;
    test) wanted=$build_libraries$demo_tools$test_tools ;;
    *) echo "usage: $0 [build|demo|test]" >&2; exit 64 ;;
esac

PATH=$PATH:/usr/sbin:/sbin
missing=$(echo "$wanted" | while read -r tool package; do
    case $tool in
        '') ;;
        /*) [ -e "$tool" ] || echo "$package" ;;
        *) command -v "$tool" >/dev/null || echo "$package" ;;
    esac
done | sort -u | tr '\n' ' ')
missing=${missing% }
[ -n "$missing" ] || exit 0

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "$0: these packages are missing, install them first: $missing" >&2
    exit 77
fi
echo "installing $missing"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # a list of packages
apt-get install -qq -y --no-install-recommends $missing >/dev/null 2>&1 || {
    apt-get update -qq
    apt-get install -qq -y --no-install-recommends $missing >/dev/null
}
