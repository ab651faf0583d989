#!/bin/sh
# The first process of cgroup_v2.sh's machine: tries the kit in every place of the hierarchy that a judge can be in.
#     cgroup_v2_inside.sh PYTHON
# (Hands controllers down: lists them in cgroup.subtree_control, which a group with processes cannot do.)
set -u
export PYTHON="$1" CHECKOUT="${0%/tests/*}" PYTHONDONTWRITEBYTECODE=1 COLUMNS=200
groups=/sys/fs/cgroup
status=0

set_up() {
    mount -t proc proc /proc
    mount -t sysfs sysfs /sys
    mount -t cgroup2 cgroup2 $groups
    mount -t devtmpfs devtmpfs /dev
    mkdir -p /dev/shm
    mount -t tmpfs -o mode=1777 tmpfs /dev/shm
    mount -t tmpfs -o mode=1777 tmpfs /run
    busybox ip link set lo up
    cd "$CHECKOUT" || exit
}

# doctor EXPECTED: what the doctor says, which has to be that there are groups ("yes") or that there are none ("no").
doctor() {
    said=$("$PYTHON" -m grader doctor)
    echo "$said"
    echo "$said" | grep -q "^memory and process limits by cgroup *$1"
}

# tests FILES…: there are groups, and the tests pass.
tests() {
    doctor yes && "$PYTHON" -m pytest -q --color=no -p no:cacheprovider "$@"
}

# place TITLE GROUP COMMAND…: a shell that is the only process of the group, or one of those that are there already.
place() {
    printf '\n=== %s\n' "$1"
    mkdir -p "$groups/$2"
    (echo 0 >"$groups/$2/cgroup.procs" && shift 2 && "$@") || status=1
}

as_a_user() {
    setpriv --reuid 1000 --regid 1000 --clear-groups sh "$0" "$PYTHON" "$@"
}

# As in a container: the group is the topmost that can be seen.
in_a_namespace() {
    unshare --cgroup --mount sh -c "umount $groups && mount -t cgroup2 cgroup2 $groups && \"\$@\"" sh sh "$0" "$PYTHON" "$@"
}

delegate() {
    mkdir "$groups/$1"
    chown 1000:1000 "$groups/$1" "$groups/$1/cgroup.procs" "$groups/$1/cgroup.subtree_control"
}

if [ $# -gt 1 ]; then
    cd "$CHECKOUT" && shift && "$@"
    exit
fi
set_up
groups_alone=tests/sandbox/test_cgroup.py
players_too="tests/sandbox/test_cgroup.py tests/sandbox/test_player.py"
place "root, in the root group, which does not hand down" . tests $groups_alone
echo "+pids +memory" >$groups/cgroup.subtree_control
place "root, alone in a container" container in_a_namespace tests $groups_alone
delegate scope
place "a user, alone in a delegated group" scope as_a_user tests $players_too
for group in shared pod; do
    delegate $group
    sleep 3600 &
    echo $! >$groups/$group/cgroup.procs
done
place "a user, with a stranger in the delegated group" shared as_a_user doctor no
place "root, with a stranger in the container" pod in_a_namespace doctor no
place "root, below a group that hands down" service tests $players_too
echo "status $status"
busybox poweroff -f
