#!/usr/bin/env bash
# Runs a command with a display, a session bus and an unlocked keyring.
#
#   build/with-desktop.sh COMMAND [ARGUMENT…]
#
# What the machine has is used as it is; what it has not is started for this one command and ended with it.
# Several runs side by side do not disturb each other, nor anybody's real keyring.
#
#   GUNGNIR_SCREEN=1280x800x24   size and depth of the virtual display
#   GUNGNIR_DESKTOP=private      start everything afresh even where the machine has it (for tests)
set -euo pipefail

# check | Debian and Ubuntu (first that exists) | Fedora | Arch
needs='
command Xvfb                  | xvfb                        | xorg-x11-server-Xvfb       | xorg-server-xvfb
command dbus-daemon           | dbus-daemon dbus            | dbus-daemon                | dbus
command dbus-send             | dbus-bin dbus               | dbus-tools                 | dbus
command gnome-keyring-daemon  | gnome-keyring               | gnome-keyring              | gnome-keyring
library libsecret-1.so.0      | libsecret-1-0               | libsecret                  | libsecret
library libgtk-3.so.0         | libgtk-3-0t64 libgtk-3-0    | gtk3                       | gtk3
library libnss3.so            | libnss3                     | nss                        | nss
library libasound.so.2        | libasound2t64 libasound2    | alsa-lib                   | alsa-lib
library libgbm.so.1           | libgbm1                     | mesa-libgbm                | mesa
command fc-list               | fontconfig                  | fontconfig                 | fontconfig
font    el                    | fonts-noto-core             | google-noto-sans-fonts     | noto-fonts
font    ru                    | fonts-noto-core             | google-noto-sans-fonts     | noto-fonts
font    ja                    | fonts-noto-cjk              | google-noto-sans-cjk-fonts | noto-fonts-cjk
'

say() { printf 'with-desktop: %s\n' "$*" >&2; }

has() {
  case $1 in
    command) command -v "$2" >/dev/null ;;
    # ldconfig is in /sbin, which is not on everybody's PATH.
    library) PATH=$PATH:/sbin:/usr/sbin ldconfig -p | grep -F "$2 " >/dev/null ;;
    font) command -v fc-list >/dev/null && [ -n "$(fc-list ":lang=$2" family)" ] ;;
  esac
}

# Prints the packages of column $1 (2 Debian, 3 Fedora, 4 Arch) for everything that is missing.
missing() {
  local check packages
  while IFS='|' read -r check packages; do
    [ -n "${check// /}" ] || continue
    # shellcheck disable=SC2086 # two words on purpose
    has $check || printf '%s\n' "$packages" | cut -d'|' -f"$(($1 - 1))"
  done <<<"$needs" | sed 's/^ *//; s/ *$//' | sort -u
}

install_on_debian() {
  # One at a time: apt's own locks make the second of two runs fail instead of wait.
  exec 9>/var/lock/gungnir-with-desktop.lock
  flock 9
  local wanted=() names name
  while read -r names; do
    [ -n "$names" ] || continue
    [ ${#wanted[@]} -gt 0 ] || apt-get update -qq >&2
    for name in $names; do
      if apt-cache show "$name" >/dev/null 2>&1; then
        wanted+=("$name")
        break
      fi
    done
  done <<<"$(missing 2)"
  if [ ${#wanted[@]} -gt 0 ]; then
    say "installing ${wanted[*]}"
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
      -o DPkg::Lock::Timeout=300 "${wanted[@]}" >&2
  fi
  exec 9>&-
}

require_packages() {
  [ -n "$(missing 2)" ] || return 0
  if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
    install_on_debian
    [ -z "$(missing 2)" ] || { say "still missing after the installation: $(missing 2 | tr '\n' ' ')"; exit 69; }
    return 0
  fi
  local list
  if command -v apt-get >/dev/null; then
    list=$(missing 2 | awk '{ print $NF }' | sort -u | tr '\n' ' ')
    say "missing here. Get it with: sudo apt-get install $list"
  elif command -v dnf >/dev/null; then
    list=$(missing 3 | tr '\n' ' ')
    say "missing here. Get it with: sudo dnf install $list"
  elif command -v pacman >/dev/null; then
    list=$(missing 4 | tr '\n' ' ')
    say "missing here. Get it with: sudo pacman -S $list"
  else
    list=$(missing 2 | awk '{ print $NF }' | sort -u | tr '\n' ' ')
    say "missing here. Install what your system calls these Debian packages: $list"
  fi
  exit 69
}

bus_has_secrets() {
  [ -n "${DBUS_SESSION_BUS_ADDRESS:-}" ] && command -v dbus-send >/dev/null &&
    dbus-send --session --dest=org.freedesktop.DBus --print-reply=literal --reply-timeout=2000 \
      / org.freedesktop.DBus.NameHasOwner string:org.freedesktop.secrets 2>/dev/null | grep true >/dev/null
}

[ $# -gt 0 ] || { say 'usage: build/with-desktop.sh COMMAND [ARGUMENT…]'; exit 64; }

if [ "${GUNGNIR_DESKTOP-}" = private ]; then
  unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS
  # What the command starts in turn shares this desktop.
  unset GUNGNIR_DESKTOP
fi
if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] && bus_has_secrets; then
  exec "$@"
fi

require_packages

work=$(mktemp -d "${TMPDIR:-/tmp}/gungnir-desktop.XXXXXX")
mkdir -m 700 "$work/run" "$work/data"
started=()
end() {
  # Newest first: whoever loses its display or bus before its own end complains about it.
  local i
  for ((i = ${#started[@]} - 1; i >= 0; i--)); do
    kill "${started[i]}" 2>/dev/null || true
    wait "${started[i]}" 2>/dev/null || true
  done
  rm -rf "$work"
}
trap end EXIT

# start NAME COMMAND…: runs a server that writes one line to its file descriptor 7 when it is ready, and
# puts that line into $ready.
start() {
  local name=$1
  shift
  mkfifo "$work/$name.ready"
  "$@" 7>"$work/$name.ready" </dev/null >"$work/$name.log" 2>&1 &
  started+=($!)
  read -r -t 30 ready <"$work/$name.ready" || { say "$1 did not start: $(cat "$work/$name.log")"; exit 70; }
}

if [ -z "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
  start display Xvfb -displayfd 7 -screen 0 "${GUNGNIR_SCREEN:-1280x800x24}" -nolisten tcp
  export DISPLAY=":$ready"
fi

# The bus and the keyring, and whatever the bus starts on demand, see only private folders; the command
# itself keeps the person's.
private=(env "XDG_RUNTIME_DIR=$work/run" "XDG_DATA_HOME=$work/data")
start bus "${private[@]}" dbus-daemon --session --nofork --nopidfile --print-address=7
export DBUS_SESSION_BUS_ADDRESS=$ready

# The keyring lives for one command, so nobody needs to know its password.
head -c 24 /dev/urandom | base64 | tr -d '\n' |
  "${private[@]}" gnome-keyring-daemon --foreground --unlock --components=secrets \
    --control-directory="$work/run/keyring" >"$work/keyring.log" 2>&1 &
started+=($!)
for _ in $(seq 100); do
  ! bus_has_secrets || break
  sleep 0.1
done
bus_has_secrets || { say "the keyring did not start: $(cat "$work/keyring.log")"; exit 70; }

"$@" <&0 &
child=$!
trap 'kill -TERM "$child" 2>/dev/null || true' TERM INT HUP
code=0
wait "$child" || code=$?
# A trapped signal interrupts `wait`; the command is then still on its way out.
while kill -0 "$child" 2>/dev/null; do
  code=0
  wait "$child" || code=$?
done
exit "$code"
