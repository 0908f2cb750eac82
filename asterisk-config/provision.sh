#!/usr/bin/env bash
# Makes sure that there is an Asterisk 20 or newer, and the two tools that make prompts (espeak-ng, sox).
#
#   asterisk-config/provision.sh [--with-sipp] [--with-chromium]
#
# Progress goes to standard error. The last line of standard output is one JSON object:
#   {"asterisk":"/…/bin/asterisk","version":"22.10.1","moduleDir":"…","dataDir":"…","espeakNg":"…","sox":"…","user":"kontaktlots",
#    "cacheDir":"…","built":false}
# or, with exit status 1,
#   {"error":{"code":"ASTERISK_TOO_OLD","message":"…","mend":"…"}}
#
# Settings (environment):
#   ASTERISK          an asterisk binary to use as it is
#   ASTERISK_MODULES  the folder of its modules, when they are not where they belong
#   CACHE_DIR         where the tree is kept (root: /var/cache/kontaktlots, others: ~/.cache/kontaktlots)
#   DEBIAN_MIRROR     a Debian mirror
#
# Debian's stable releases carry no Asterisk; unstable does. Its packages are unpacked into a folder of their own and started by
# their own dynamic loader: nothing of them is installed on the machine, no root and no chroot is needed, and every path means the
# same inside and outside.
set -euo pipefail

readonly least=20
# Changing this line or `unpack` below makes a new tree: the tree's name holds their checksum.
readonly packages=(asterisk espeak-ng sox)
readonly keyring=/usr/share/keyrings/debian-archive-keyring.gpg
# What a tree must have to be of use to us; an Asterisk found on the machine is measured by the same list.
readonly needed_modules=(chan_pjsip res_pjsip res_srtp res_pjsip_transport_websocket res_ari_channels app_stasis res_musiconhold)

say() { printf '%s\n' "$*" >&2; }
json_text() { # one string as a JSON literal
  local s=${1//\\/\\\\}; s=${s//\"/\\\"}; s=${s//$'\n'/ }; s=${s//$'\t'/ }; printf '"%s"' "$s"
}
fail() { # code, message, what mends it
  # Whoever reads the JSON tells it.
  if [[ -t 1 ]]; then say "$1: $2"; say "  $3"; fi
  printf '{"error":{"code":%s,"message":%s,"mend":%s}}\n' "$(json_text "$1")" "$(json_text "$2")" "$(json_text "$3")"
  exit 1
}

version_of() { # prints 22.10.1 for an asterisk binary, or nothing
  "$1" -V 2>/dev/null | sed -nE 's/^Asterisk (certified\/)?([0-9]+(\.[0-9]+)*).*/\2/p' || true
}

# ---- an Asterisk that is already here ------------------------------------------------------------------------------------------
module_dir_of() { # the modules that belong to a binary lie under the same prefix
  local prefix; prefix=$(dirname "$(dirname "$(readlink -f "$1")")")
  local dir
  for dir in "$prefix"/lib/*/asterisk/modules "$prefix"/lib/asterisk/modules "$prefix"/lib64/asterisk/modules; do
    [[ -e $dir/res_pjsip.so ]] && { printf '%s' "$dir"; return; }
  done
}
data_dir_of() {
  local prefix; prefix=$(dirname "$(dirname "$(readlink -f "$1")")")
  local dir
  for dir in "$prefix/share/asterisk" /var/lib/asterisk "$prefix/var/lib/asterisk"; do
    [[ -d $dir/documentation ]] && { printf '%s' "$dir"; return; }
  done
}
missing_modules() { # module folder
  local module
  for module in "${needed_modules[@]}"; do [[ -e $1/$module.so ]] || printf '%s ' "$module"; done
}

# ---- our own tree --------------------------------------------------------------------------------------------------------------
private_apt() { # folder, apt-get arguments: apt with lists, cache and status of its own, so that nothing on the machine changes
  local at=$1; shift
  APT_CONFIG=$at/apt.conf apt-get -q "$@" >&2
}

debian_mirror() { # the machine's own, which has every suite; from the sources alone, for images are delivered without package lists
  local uri=${DEBIAN_MIRROR:-$(apt-get indextargets --no-release-info --format '$(REPO_URI)' 2>/dev/null | grep -m1 -E '/debian/?$' || true)}
  printf '%s' "${uri%/}"
}

unpack() { # target folder
  local root=$1 apt=$1/.apt
  mkdir -p "$apt"/{etc,lists/partial,cache/archives/partial}
  : >"$apt/status"
  echo "deb [signed-by=$keyring] $mirror sid main" >"$apt/sources.list"
  # Valid-Until is not looked at: mirrors frozen at a date are in use, and signatures and checksums are verified all the same.
  cat >"$apt/apt.conf" <<CONF
Dir::Etc "$apt/etc/";
Dir::Etc::sourcelist "$apt/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::State "$apt/";
Dir::State::status "$apt/status";
Dir::State::lists "$apt/lists";
Dir::Cache "$apt/cache";
Acquire::Languages "none";
Acquire::Check-Valid-Until "false";
Acquire::Retries "3";
APT::Install-Recommends "false";
APT::Sandbox::User "";
CONF
  say "  reading the package lists of Debian unstable …"
  private_apt "$apt" -qq update
  say "  fetching ${packages[*]} and what they need (about 100 MB) …"
  private_apt "$apt" -qq -y --download-only install "${packages[@]}"
  say "  unpacking …"
  local deb
  for deb in "$apt"/cache/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$root" --no-same-owner --keep-directory-symlink \
      --exclude=./usr/share/{doc,man,locale,info,lintian,bug,perl,perl5,i18n} --exclude=./usr/share/asterisk/sounds \
      --exclude=./usr/lib/*/perl --exclude=./usr/lib/*/gconv --exclude=./dev --exclude=./var/cache
  done
  rm -rf "$apt"
  # One starter for each program. exec keeps the process id, so whoever started it can also end it.
  mkdir -p "$root/bin"
  starter "$root" asterisk usr/sbin/asterisk
  starter "$root" espeak-ng usr/bin/espeak-ng
  starter "$root" sox usr/bin/sox
  chmod -R a+rX "$root"
}

starter() { # root, name, program
  cat >"$1/bin/$2" <<'START'
#!/bin/sh
root=$(dirname "$(dirname "$(readlink -f "$0")")")
set -- "$root/@PROGRAM@" "$@"
for loader in "$root"/usr/lib/*/ld-linux-*.so.*; do break; done
libraries=${loader%/*}
[ "@NAME@" != espeak-ng ] || export ESPEAK_DATA_PATH="$libraries/espeak-ng-data"
exec "$loader" --library-path "$libraries:$libraries/pulseaudio" --argv0 "@NAME@" "$@"
START
  sed -i -e "s|@PROGRAM@|$3|g" -e "s|@NAME@|$2|g" "$1/bin/$2"
  chmod 755 "$1/bin/$2"
}

usable() { # a tree that starts and has what we need
  [[ -x $1/bin/asterisk && -n $(version_of "$1/bin/asterisk") ]] || return 1
  local modules; modules=$(module_dir_of "$1/usr/sbin/asterisk")
  [[ -n $modules && -z $(missing_modules "$modules") && -n $(data_dir_of "$1/usr/sbin/asterisk") ]] || return 1
  "$1/bin/sox" --version >/dev/null 2>&1 && "$1/bin/espeak-ng" --version >/dev/null 2>&1
}

tree() { # sets tree_root to the folder of the tree, built when it is not there yet
  local key root building
  key=$( { declare -f unpack starter; echo "${packages[@]}" "$(dpkg --print-architecture 2>/dev/null)"; } | sha256sum | cut -c1-10)
  root=$cache/asterisk-22-$key
  if ! usable "$root"; then
    command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null ||
      fail ASTERISK_MISSING "There is no Asterisk $least or newer here, and this is no Debian machine to fetch one on." \
        "Install Asterisk $least or newer and set ASTERISK to its binary, or use docker/."
    [[ -r $keyring ]] || fail ASTERISK_MISSING "Debian's archive keys are not on this machine, so packages cannot be verified." \
      "Install the package debian-archive-keyring, or set ASTERISK to an Asterisk $least or newer."
    exec 9>"$cache/lock"
    flock -n 9 || { say "Another set-up is at work on $cache; waiting for it …"; flock 9; }
    if ! usable "$root"; then # the other one may have built it meanwhile
      say "Setting up Asterisk 22 in $root (once, about half a minute) …"
      rm -rf "$cache"/asterisk-22-*.building.* # left by a set-up that was cut off
      mirror=$(debian_mirror)
      building=$root.building.$$
      mkdir -p "$building"
      # Not "unpack || …": bash would then go on after an error inside it.
      set +e; (set -e; unpack "$building"); local status=$?; set -e
      [[ $status -eq 0 ]] || { rm -rf "$building"; fail ASTERISK_MISSING "Asterisk could not be fetched from $mirror." \
        "Look at the lines above; check the network and the disk, or set DEBIAN_MIRROR to a mirror that you reach."; }
      rm -rf "$root"
      mv -T "$building" "$root"
      usable "$root" || fail ASTERISK_MISSING "The fetched Asterisk in $root does not start." \
        "Run $root/bin/asterisk -V to see why, or set ASTERISK to another Asterisk $least or newer."
      built=true
    fi
    exec 9>&-
  fi
  tree_root=$root
}

# ---- packages on the machine itself, for tests only ----------------------------------------------------------------------------
host_packages() { # program:package …
  local pair missing=() as_root=()
  for pair in "$@"; do command -v "${pair%%:*}" >/dev/null || missing+=("${pair##*:}"); done
  [[ ${#missing[@]} -gt 0 ]] || return 0
  if [[ $EUID -ne 0 ]]; then
    sudo -n true 2>/dev/null || fail ASTERISK_MISSING "These packages are missing: ${missing[*]}." "Run: sudo apt-get install ${missing[*]}"
    as_root=(sudo -n)
  fi
  say "Installing ${missing[*]} …"
  local install=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 --no-install-recommends install)
  "${as_root[@]}" "${install[@]}" "${missing[@]}" >/dev/null 2>&1 || {
    "${as_root[@]}" apt-get -qq -o DPkg::Lock::Timeout=300 update >&2 &&
      "${as_root[@]}" "${install[@]}" "${missing[@]}" >&2
  } || fail ASTERISK_MISSING "apt-get could not install ${missing[*]}." "Install them by hand: apt-get install ${missing[*]}"
}

# ---- main ----------------------------------------------------------------------------------------------------------------------
wanted=()
for option in "$@"; do
  case $option in
    --with-sipp) wanted+=(sipp:sip-tester tcpdump:tcpdump) ;;
    --with-chromium) wanted+=(chromium:chromium) ;;
    *) fail SETTING_INVALID "Unknown option $option." "Known are --with-sipp and --with-chromium." ;;
  esac
done
[[ ${#wanted[@]} -eq 0 ]] || host_packages "${wanted[@]}"

cache=${CACHE_DIR:-$([[ $EUID -eq 0 ]] && echo /var/cache/kontaktlots || echo "${XDG_CACHE_HOME:-$HOME/.cache}/kontaktlots")}
mkdir -p "$cache" || fail ASTERISK_MISSING "The cache folder $cache cannot be made." "Set CACHE_DIR to a folder you may write to."
cache=$(cd "$cache" && pwd -P)
built=false
tree_root=
asterisk=
if [[ -n ${ASTERISK:-} ]]; then
  asterisk=$ASTERISK
  version=$(version_of "$asterisk")
  [[ -n $version ]] || fail ASTERISK_MISSING "ASTERISK is $asterisk, and that does not start as an Asterisk." \
    "Correct the setting, or leave it out to have one set up."
  [[ ${version%%.*} -ge $least ]] || fail ASTERISK_TOO_OLD "$asterisk is version $version." \
    "Asterisk $least or newer is needed. Correct ASTERISK, or leave it out to have one set up."
elif found=$(PATH=$PATH:/usr/sbin:/usr/local/sbin command -v asterisk); then
  version=$(version_of "$found")
  if [[ -n $version && ${version%%.*} -ge $least && -n $(module_dir_of "$found") && -z $(missing_modules "$(module_dir_of "$found")") ]]; then
    asterisk=$found
  else
    say "$found is version ${version:-unknown}, older than $least or without the modules needed; it is left alone."
  fi
fi

espeak=$(command -v espeak-ng || true)
sox=$(command -v sox || true)
if [[ -z $asterisk || -z $espeak || -z $sox ]]; then
  tree
  espeak=${espeak:-$tree_root/bin/espeak-ng}
  sox=${sox:-$tree_root/bin/sox}
fi
binary=${asterisk:-$tree_root/usr/sbin/asterisk}
asterisk=${asterisk:-$tree_root/bin/asterisk}
version=$(version_of "$asterisk")
# A starter script of our own kind may also be what the setting points at: its binary lies beside it.
[[ -n $(module_dir_of "$binary") ]] || binary=$(dirname "$(dirname "$(readlink -f "$binary")")")/usr/sbin/asterisk
module_dir=${ASTERISK_MODULES:-$(module_dir_of "$binary")}
data_dir=$(data_dir_of "$binary")
[[ -n $module_dir && -z $(missing_modules "$module_dir") ]] ||
  fail ASTERISK_MISSING "$asterisk has no modules beside it, or lacks some: $(missing_modules "${module_dir:-/nonexistent}")" \
    "Set ASTERISK_MODULES to the folder of its modules, or leave ASTERISK out to have one set up."

# Asterisk is never run as root. Started by another user, it runs as that user.
user=$(id -un)
if [[ $EUID -eq 0 ]]; then
  user=kontaktlots
  id "$user" >/dev/null 2>&1 || {
    say "Making the system user $user …"
    useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$user" ||
      id "$user" >/dev/null 2>&1 || # made by another set-up at the same moment
      fail ASTERISK_MISSING "The system user $user cannot be made." "Make it by hand: useradd --system $user"
  }
fi

say "Asterisk $version is ready."
printf '{"asterisk":%s,"version":%s,"moduleDir":%s,"dataDir":%s,"espeakNg":%s,"sox":%s,"user":%s,"cacheDir":%s,"built":%s}\n' \
  "$(json_text "$asterisk")" "$(json_text "$version")" "$(json_text "$module_dir")" "$(json_text "$data_dir")" \
  "$(json_text "$espeak")" "$(json_text "$sox")" "$(json_text "$user")" "$(json_text "$cache")" "$built"
