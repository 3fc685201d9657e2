#!/bin/sh
# The root of the final image, in the folder $1: Debian's own Python and the libraries that it and our wheels load, and
# nothing else. No shell, no package manager, no user but one. Debian's packages are unpacked, not installed: what they
# would run at installation needs a shell and is not wanted here.
set -eu
root=$1
packages="libc6 libgcc-s1 libstdc++6 zlib1g libbz2-1.0 liblzma5 libexpat1 libffi8 libssl3 libuuid1 libsqlite3-0
    ca-certificates media-types python3.11-minimal libpython3.11-minimal libpython3.11-stdlib"

mkdir -p "$root/usr/bin" "$root/usr/lib" "$root/usr/lib64" "$root/usr/sbin" "$root/etc" "$root/tmp" \
    "$root/var/lib/dpkg/status.d" "$root/var/lib/wijkspoor"
for folder in bin lib lib64 sbin; do
    ln -sfn "usr/$folder" "$root/$folder"
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 0755 "$work"
# shellcheck disable=SC2086 # a list of packages
(cd "$work" && apt-get download -qq $packages)
for package in "$work"/*.deb; do
    # /bin and /lib are links: a plain unpacking would put folders in their place.
    dpkg-deb --fsys-tarfile "$package" | tar -x -C "$root" --keep-directory-symlink
    # Scanners read here what the image is made of.
    dpkg-deb --field "$package" >"$root/var/lib/dpkg/status.d/$(dpkg-deb --field "$package" Package)"
done
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs/ca-certificates.crt"
rm -rf "$root/usr/share/doc" "$root/usr/share/man" "$root/usr/share/lintian" "$root/usr/share/bug" "$root/usr/sbin" \
    "$root/usr/share/applications" "$root/usr/share/pixmaps" "$root/usr/share/binfmts" "$root/etc/ca-certificates" \
    "$root/usr/share/ca-certificates"
mkdir -p "$root/usr/sbin"

printf 'root:x:0:0:root:/nonexistent:/nonexistent\nwijkspoor:x:65532:65532::/var/lib/wijkspoor:/nonexistent\n' \
    >"$root/etc/passwd"
printf 'root:x:0:\nwijkspoor:x:65532:\n' >"$root/etc/group"
printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
chmod 1777 "$root/tmp"
chown 65532:65532 "$root/var/lib/wijkspoor"
chmod 0700 "$root/var/lib/wijkspoor"
