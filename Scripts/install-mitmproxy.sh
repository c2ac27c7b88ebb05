#!/bin/sh
# Installs mitmproxy from PyPI into a Python environment of its own, for the tests of `fetch` and `verify`.
#
#   install-mitmproxy.sh DIR       afterwards DIR/bin/mitmdump is there
#
# Nothing is downloaded where it is there already. Exit code 77: no Python that can make environments.
set -eu

dir=${1:?usage: $0 DIR}
[ -x "$dir/bin/mitmdump" ] && exit 0
python=$(command -v python3) || { echo "$0: python3 is missing" >&2; exit 77; }
"$python" -c 'import ensurepip, venv' 2>/dev/null || {
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
        echo "$0: python3-venv is missing, install it first" >&2
        exit 77
    fi
    export DEBIAN_FRONTEND=noninteractive
    apt-get install -qq -y --no-install-recommends python3-venv >/dev/null 2>&1 || {
        apt-get update -qq
        apt-get install -qq -y --no-install-recommends python3-venv >/dev/null
    }
}
echo "installing mitmproxy into $dir"
"$python" -m venv "$dir"
"$dir/bin/pip" install --quiet --disable-pip-version-check 'mitmproxy>=10,<13'
