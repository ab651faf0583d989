#!/bin/sh
# Tests the CUDA engine on aarch64, whose switch of fibers is another one, in qemu's user mode.
#
# Run by hand, on Debian or a kin of it, as a user who may write to the folder; it takes some half an hour:
#     dpkg --add-architecture arm64 && apt-get update && apt-get install qemu-user g++-aarch64-linux-gnu
#     tests/machines/aarch64.sh [ARGUMENTS OF PYTEST]
#
# A Python for aarch64 and its libraries are unpacked beside each other, nothing is installed; the compiler is this
# machine's own, and makes code for aarch64. The exit status is pytest's. What can be set in the environment:
#     PYTHON   Debian's package of Python (python3.11)
#     CACHE    a folder where all that is kept, so that the next run need not fetch it
set -eu

checkout=$(CDPATH='' cd "$(dirname "$0")/../.." && pwd)
package=${PYTHON:-python3.11}
cache=${CACHE:-${TMPDIR:-/tmp}/machine-aarch64}
python=$cache/bin/$package
site=$cache/root/usr/lib/python3/dist-packages

fetch_python() {
    mkdir -p "$cache/packages" "$cache/bin"
    only=$(for kind in recommends suggests conflicts breaks replaces enhances; do printf -- '--no-%s ' $kind; done)
    # shellcheck disable=SC2086 - words
    needed=$(apt-cache depends --recurse $only "$package:arm64" libstdc++6:arm64 | grep '^[a-z].*:arm64$' | sort -u)
    # shellcheck disable=SC2086 - words
    (cd "$cache/packages" && apt-get download $needed)
    for file in "$cache"/packages/*.deb; do dpkg-deb -x "$file" "$cache/root"; done
    cat >"$python" <<PYTHON
#!/bin/sh
exec qemu-aarch64 -L "$cache/root" -0 "$python" -E PYTHONHOME="$cache/root/usr" "$cache/root/usr/bin/$package" "\$@"
PYTHON
    chmod +x "$python"
}

fetch_wheels() {
    platforms=$(for libc in 17 27 28; do printf -- '--platform manylinux_2_%s_aarch64 ' $libc; done)
    # shellcheck disable=SC2086 - words
    python3 -m pip download $platforms --python-version "${package#python}" --only-binary=:all: -d "$cache/wheels" \
        freezegun hypothesis jinja2 numpy pillow pytest rich
    for wheel in "$cache"/wheels/*.whl; do python3 -m zipfile -e "$wheel" "$site"; done
}

[ -x "$python" ] || fetch_python
[ -d "$site/pytest" ] || fetch_wheels
cd "$checkout"
# OpenBLAS chooses by the processor, and goes wrong with what qemu says of its own.
export PYTHONDONTWRITEBYTECODE=1 CXX=aarch64-linux-gnu-g++ CK_CUDA_CACHE="$cache/kernels" OPENBLAS_CORETYPE=ARMV8
[ $# -gt 0 ] || set -- tests/cuda
exec "$python" -m pytest -p no:cacheprovider "$@"
