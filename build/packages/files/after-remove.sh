#!/bin/sh
set -e
# dpkg says upgrade, and rpm how many versions are left: then the newer one still needs what is here.
case "${1:-remove}" in
  remove | purge | 0)
    if [ -e /etc/apparmor.d/${executable} ]; then
      if command -v apparmor_parser >/dev/null && [ -d /sys/kernel/security/apparmor ]; then
        apparmor_parser --remove /etc/apparmor.d/${executable} >/dev/null 2>&1 ||
          echo "The AppArmor profile of ${executable} stays loaded until the next start." >&2
      fi
      rm -f /etc/apparmor.d/${executable}
    fi
    if [ "${1:-remove}" != purge ]; then
      echo "Gungnir is removed. What people saved with it, unsent changes and history, stays in their own folders: ~/.config/Gungnir"
    fi
    ;;
esac
