#!/bin/sh
set -e
# Systems with a recent AppArmor (Ubuntu since 24.04) let only programs with a profile make user namespaces, which
# Chromium's sandbox needs. An older AppArmor cannot read the profile, and does not need it.
profile=/opt/${sanitizedProductName}/resources/apparmor-profile
if command -v apparmor_parser >/dev/null &&
  apparmor_parser --skip-kernel-load --quiet "$profile" >/dev/null 2>&1; then
  install -m 644 "$profile" /etc/apparmor.d/${executable}
  if [ -d /sys/kernel/security/apparmor ]; then
    apparmor_parser --replace /etc/apparmor.d/${executable} >/dev/null 2>&1 ||
      echo "The AppArmor profile of ${executable} could not be loaded now; it is at the next start." >&2
  fi
fi
