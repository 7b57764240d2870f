#!/bin/sh
# boot_systemd.sh FOLDER DESTDIR - a real systemd as first process of its own namespaces, over a copy of this machine's
# root in memory, with the tree below DESTDIR laid over it.  Ends when the caller kills it; nothing outside is changed.
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs "$1"
mkdir "$1/up" "$1/work" "$1/root"
cp -a "$2/." "$1/up/"
chmod 755 "$1/up"
mount -t overlay overlay -o "lowerdir=/,upperdir=$1/up,workdir=$1/work" "$1/root"
cd "$1/root"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount --rbind /dev dev
mount -t tmpfs tmpfs run
mount -t tmpfs tmpfs tmp
mount -t cgroup2 cgroup2 sys/fs/cgroup
printf '[Unit]\nRequires=systemd-journald.service\nAfter=systemd-journald.service\n' >etc/systemd/system/newswatch-test.target
# not chroot: whoever is in one may not make user namespaces
mkdir old
pivot_root . old
cd /
umount -l /old
exec env -i container=newswatch-test PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system \
	--unit=newswatch-test.target
