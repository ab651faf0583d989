#!/bin/sh
# Tests the kit's control groups on a kernel that has version 2 alone, in a small virtual machine.
#
# Run by hand, as root, on Debian or a kin of it; it takes some ten minutes, since the processor is emulated:
#     apt-get install qemu-system-x86 busybox-static cpio
#     tests/machines/cgroup_v2.sh
#
# The machine sees this one's root file system, read-only below an overlay in memory, so it runs the checkout that
# this script lies in with the Pythons that are here. In it, cgroup_v2_inside.sh tells what is tried. The exit status
# is 0 if all went as it should. What can be set in the environment:
#     PYTHON   a Python of 3.11 or newer with the kit and its tests' packages, which other users can reach as well
#              (not below /root): /usr/bin/python3 -m venv DIR && DIR/bin/pip install -e 'CHECKOUT[test]'
#     KERNEL   the Debian package of the kernel; the default is the newest one
#     CACHE    a folder where the kernel is kept, so that the next run need not fetch it
#     ACCEL    qemu's accelerator: tcg, the default, or kvm
set -eu

here=$(CDPATH='' cd "$(dirname "$0")" && pwd)
python=${PYTHON:-$(command -v python3)}
kernel=${KERNEL:-$(apt-cache depends linux-image-amd64 | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1)}
cache=${CACHE:-${TMPDIR:-/tmp}/machine-cgroup-v2}

fetch_kernel() {
    mkdir -p "$cache/$kernel"
    (cd "$cache/$kernel" && apt-get download "$kernel" && dpkg-deb -x ./*.deb .)
    busybox depmod -b "$cache/$kernel" "$(ls "$cache/$kernel/lib/modules")"
}

# A file system in memory: busybox, the modules that reach this machine's files, and `init`, which changes over to them.
build_initramfs() {
    mkdir -p "$1/bin" "$1/proc" "$1/lower" "$1/memory" "$1/root"
    cp "$(command -v busybox)" "$1/bin/busybox"
    (
        cd "$cache/$kernel"
        for part in drivers/virtio net/9p fs/9p fs/netfs fs/fscache fs/overlayfs; do
            find lib/modules/*/kernel/$part -name '*.ko*'
        done | cpio --quiet -pd "$1"
        cp lib/modules/*/modules.* "$1/$(echo lib/modules/*)"
    )
    cat >"$1/init" <<INIT
#!/bin/busybox sh
/bin/busybox --install -s /bin
mount -t proc proc /proc
for module in virtio_pci 9pnet_virtio 9p overlay; do modprobe \$module; done
mount -t 9p -o trans=virtio,version=9p2000.L,ro,cache=loose,msize=512000 host /lower
mount -t tmpfs tmpfs /memory
mkdir /memory/upper /memory/work
mount -t overlay -o lowerdir=/lower,upperdir=/memory/upper,workdir=/memory/work overlay /root
exec switch_root /root /bin/sh "$here/cgroup_v2_inside.sh" "$python"
INIT
    chmod +x "$1/init"
    (cd "$1" && find . | cpio --quiet -o -H newc | gzip -1 >"$2")
}

# The machine writes its last word, "status N", to the console, which is all that comes out of it.
boot() {
    qemu-system-x86_64 -accel "${ACCEL:-tcg}" -cpu max -smp 2 -m 2G -nodefaults -no-reboot -nographic -serial stdio \
        -kernel "$cache/$kernel"/boot/vmlinuz-* -initrd "$1" \
        -append "console=ttyS0 quiet panic=-1 cgroup_no_v1=all" \
        -virtfs local,path=/,mount_tag=host,security_model=none,readonly=on,multidevs=remap
}

[ -e "$cache/$kernel/lib" ] || fetch_kernel
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
build_initramfs "$work/files" "$work/initramfs"
boot "$work/initramfs" | tee "$work/console"
grep -q '^status 0' "$work/console"
