#!/bin/sh
# Prints what `caisson demo` prints, as README.md shows it: what differs from run to run is shortened.
#
#   demo-transcript.sh CAISSON
set -eu
"$1" demo 2>&1 | sed -E \
    -e 's#/[^ ]*/caisson-demo\.[A-Za-z0-9]{6}#/tmp/demo#g' \
    -e 's/127\.0\.0\.1:[0-9]+/127.0.0.1:3128/g' \
    -e 's/sha256:[0-9a-f]{16,64}…?/sha256:…/g' \
    -e 's/(inspection-ca)-[0-9a-f]{16}/\1-…/g' \
    -e 's/[0-9]{8}T[0-9]{6}Z-[0-9a-f]{6}/RUN/g' \
    -e 's/[0-9]+ bytes/N bytes/g' -e 's/[0-9]+ -> N bytes/N -> N bytes/g' \
    -e 's/valid until [^ ]+/valid until …/' -e 's/expires in [0-9]+ days/expires in … days/'
