#!/usr/bin/env bash
# Makes a fresh Debian machine ready for Loci: system packages, npm packages (Node 24 among them), the native addon and
# the window. Each step is skipped when what it made is still true, so a second run does no work and needs no network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

stamps=.setup
mkdir -p "$stamps"

say() { printf 'setup: %s\n' "$*"; }

# --- system packages -------------------------------------------------------------------------------------------------
# ffmpeg reads and writes video; OpenCV and Eigen are linked into the native addon; chromium runs the end-to-end tests
# and stands in for Electron where that cannot be had.
system_packages=(ffmpeg cmake g++ make libopencv-dev libeigen3-dev libgtest-dev chromium)

installed() { [ "$(dpkg-query -W -f='${Status}' "$1" 2>/dev/null)" = 'install ok installed' ]; }

missing=()
if command -v dpkg-query >/dev/null; then
  for package in "${system_packages[@]}"; do
    installed "$package" || missing+=("$package")
  done
else
  say "this is not Debian; these are needed from your own package manager: ${system_packages[*]}"
fi

if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" = 0 ]; then
    as_root=()
  elif command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [ -t 0 ]; }; then
    as_root=(sudo)
  else
    say "some system packages are missing and there is no sudo here. Have this run once, then start again:"
    printf '\n    apt-get update && apt-get install -y --no-install-recommends %s\n\n' "${missing[*]}"
    exit 1
  fi
  say "installing system packages: ${missing[*]}"
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" \
    >"$stamps/apt.log" 2>&1 || { tail -n 20 "$stamps/apt.log" >&2; exit 1; }
fi

# --- steps that depend on files ---------------------------------------------------------------------------------------
# fingerprint PATH…: one hash over the contents of all files there.
fingerprint() {
  find "$@" -type f -not -path '*/build/*' -not -path '*/node_modules/*' -print0 | LC_ALL=C sort -z |
    xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

# step NAME RESULT REASON COMMAND -- PATH…: runs COMMAND unless RESULT exists and was made from these very files.
step() {
  local name=$1 result=$2 reason=$3 command=$4
  shift 5
  local now
  now=$(fingerprint "$@")
  if [ -e "$result" ] && [ "$(cat "$stamps/$name" 2>/dev/null)" = "$now" ]; then
    return
  fi
  say "$reason"
  rm -f "$stamps/$name"
  eval "$command" >"$stamps/$name.log" 2>&1 || {
    tail -n 40 "$stamps/$name.log" >&2
    say "that failed; the whole output is in $stamps/$name.log"
    exit 1
  }
  printf '%s' "$now" >"$stamps/$name"
}

command -v npm >/dev/null || {
  say "npm is missing. Install Node.js 20 or newer (Debian: apt-get install nodejs npm), then start again."
  exit 1
}

# onnxruntime would fetch CUDA from elsewhere during its install; the CPU runtime is in the package.
export ONNXRUNTIME_NODE_INSTALL=skip
export PATH="$PWD/node_modules/.bin:$PATH"

step packages node_modules/.bin/node 'installing npm packages, Node 24 among them (a minute)' \
  'npm ci --no-audit --no-fund' -- package.json package-lock.json
hash -r

step native native/build/Release/loci_native.node 'building the native addon (a minute)' \
  'npm run -s build:native' -- native package-lock.json

step window dist/renderer/index.html 'building the window' \
  'npm run -s build:window' -- renderer app/contract build/vite.renderer.ts package-lock.json

say 'ready'
