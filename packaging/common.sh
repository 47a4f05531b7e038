# Shared by the scripts of this folder; sourced, never run.

step() { printf '\n== %s (%s)\n' "$1" "$(date +%T)"; }

# install_packages FILE: installs the Debian packages that FILE lists and that are missing.
install_packages() {
  local missing=() package
  while read -r package; do
    [ -n "$package" ] || continue
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' ||
      missing+=("$package")
  done <"$1"
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" != 0 ]; then
    echo "missing packages: ${missing[*]}; run as root, or install them" >&2
    return 1
  fi
  step "installing ${#missing[@]} packages"
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# One compiler cache for every checkout and folder.
export CCACHE_BASEDIR="$PWD" CCACHE_NOHASHDIR=1

# build PRESET
build() {
  cmake --preset "$1" >/dev/null
  cmake --build --preset "$1"
}

# run_tests PRESET
run_tests() {
  # GPU drivers and fontconfig keep memory for the life of the process; leaks of ours are looked
  # for, theirs are listed.
  # GCC 12's runtime guesses where the thread-local memory of a loaded library (Mesa's) begins, and
  # guesses wrong where that lies 16 bytes into a page: its leak check then reads nowhere and dies.
  export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0:intercept_tls_get_addr=0
  export UBSAN_OPTIONS=print_stacktrace=1
  export LSAN_OPTIONS=suppressions="$PWD/packaging/lsan.supp":print_suppressions=0
  # Two more than there are cores: the two longest tests mostly wait.
  ctest --preset "$1" -j "$(($(nproc) + 2))"
}
