#!/bin/sh
# enter-root.sh FOLDER COMMAND…: runs a command in the Debian of a folder. To be run as root under
# `unshare --mount --pid --fork --kill-child`: every mount and process ends with the command.
#
# It becomes the root of a process tree of its own not by chroot, in which the kernel forbids the user namespaces that
# Chromium's sandbox is made of, but by pivot_root.
set -e
mount --make-rprivate /
mount --bind "$1" "$1"
cd "$1"
mount -t proc proc proc
mkdir -p dev/shm
mount -t tmpfs tmpfs dev/shm
mount -t tmpfs tmpfs run
mkdir -p mnt
pivot_root . mnt
umount -l /mnt
shift
exec "$@"
