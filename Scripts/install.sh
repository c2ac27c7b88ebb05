#!/bin/sh
# Builds caisson for release and installs it under $DESTDIR$PREFIX: the stripped executable, which needs no
# Swift runtime, the completions of bash, zsh and fish, and the manual page where the source tree has it.
set -eu
cd "$(dirname "$0")/.."

swift=${SWIFT:-swift}
to=${DESTDIR:-}${PREFIX:-/usr/local}

$swift build -c release --static-swift-stdlib --product caisson
built=$($swift build -c release --static-swift-stdlib --show-bin-path)/caisson

stage=$(mktemp -d)
trap 'rm -rf "$stage"' EXIT
cp "$built" "$stage/caisson"
strip "$stage/caisson"
install -D -m 755 "$stage/caisson" "$to/bin/caisson"

# completion SHELL FILE
completion() {
    "$built" --generate-completion-script "$1" >"$stage/completion" &&
        install -D -m 644 "$stage/completion" "$to/share/$2"
}
completion bash bash-completion/completions/caisson
completion zsh zsh/site-functions/_caisson
completion fish fish/vendor_completions.d/caisson.fish

for page in docs/man/*.1; do
    [ ! -e "$page" ] || install -D -m 644 "$page" "$to/share/man/man1/${page##*/}"
done
echo "installed $to/bin/caisson"
