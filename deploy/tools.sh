#!/bin/sh
# Brings what the checks of deploy/ need and no wheel holds, into build/tools: promtool, and kustomize where there is no
# kubectl. Nothing is installed on the machine and nothing is started. Quick when all is there.
set -eu
cd "$(dirname "$0")/.."
mkdir -p build/tools

if ! command -v promtool >/dev/null 2>&1 && [ ! -x build/tools/promtool ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    # Debian's package of the server holds it; only this one program is taken out.
    (cd "$work" && { apt-get download -qq prometheus 2>/dev/null || { apt-get update -qq && apt-get download -qq prometheus; }; })
    dpkg-deb --fsys-tarfile "$work"/prometheus_*.deb | tar -x -C "$work" ./usr/bin/promtool
    mv "$work/usr/bin/promtool" build/tools/promtool
fi

if ! command -v kubectl >/dev/null 2>&1 && ! command -v kustomize >/dev/null 2>&1 && [ ! -x build/tools/kustomize ]; then
    GOBIN="$PWD/build/tools" go install sigs.k8s.io/kustomize/kustomize/v5@v5.7.1
fi
