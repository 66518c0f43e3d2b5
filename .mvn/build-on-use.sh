# A part of the launcher `cdc`, in the source tree only: builds the command on first use and after a change of the sources.
#   CDC_BUILD=no    starts the last build, whatever has changed since
# It reads root, dist, home (the JDK's) and the arguments, and sets demo, the folder with the jars of `cdc demo`.

target=$root/cdc-cli/target
stamp=$dist/built
# A copy of the tree may lack the demo.
modules=cdc-cli
[ ! -f "$root/cdc-demo/pom.xml" ] || {
  modules=cdc-cli,cdc-demo
  demo=$root/cdc-demo/target/dist
}
# The connector, and the jars of a worker, are built for the demo that shows them.
connect_stamp=$root/cdc-connect/target/built
connect=false
if [ "${1:-}" = demo ] && [ -f "$root/cdc-connect/pom.xml" ]; then
  for argument; do
    [ "$argument" != --connect ] || connect=true
  done
fi

command_stale() {
  [ ! -f "$stamp" ] || [ -n "$(find "$root/pom.xml" "$root"/cdc-*/src/main "$root"/cdc-sinks/*/src/main \
    "$root"/cdc-*/pom.xml "$root"/cdc-sinks/*/pom.xml -newer "$stamp" -type f -print 2>/dev/null | head -n 1)" ]
}

# The connector's stamp is newer than the command's, and so than all sources.
connector_stale() {
  [ "$connect" = true ] && { [ -z "$(find "$connect_stamp" -newer "$stamp" 2>/dev/null)" ] ||
    [ ! -d "$root/cdc-servers/connect-worker/target/worker/lib" ] ||
    [ -z "$(find "$root/cdc-connect/target" -maxdepth 1 -type d -name '*-plugin')" ]; }
}

# One build at a time; the others wait, and find it done. Maven keeps the lock as well, so that a killed launcher does not let two of them work.
lock() {
  if command -v flock >/dev/null; then
    exec 9>"$target/build.lock"
    flock -n 9 && return
    echo "cdc: waiting for another build" >&2
    flock 9
    return
  fi
  # A link is made in one step, and its target is the owner's pid.
  said=false
  until ln -s "$$" "$target/build.pid" 2>/dev/null; do
    owner=$(readlink "$target/build.pid" || true)
    # One that has just ended has removed its lock.
    [ -z "$owner" ] || ps -p "$owner" >/dev/null || [ "$(readlink "$target/build.pid" || true)" != "$owner" ] ||
      fail "the build of process $owner was killed. Remove its lock: rm '$target/build.pid'"
    [ "$said" = true ] || echo "cdc: waiting for another build" >&2
    said=true
    sleep 1
  done
  trap 'rm -f "$target/build.pid"' EXIT
  trap 'exit 1' HUP INT TERM
}

unlock() {
  if command -v flock >/dev/null; then
    exec 9>&-
  else
    trap - EXIT HUP INT TERM
    rm -f "$target/build.pid"
  fi
}

# Arguments: what is built, in words; the modules; an option. The file build.started is older than what the build has not seen.
build() {
  [ -x "$home/bin/javac" ] || fail "building needs a JDK, and $home has no javac. Set JAVA_HOME to a JDK, 17 or newer."
  echo "cdc: building $1" >&2
  log=$target/build.log
  : >"$target/build.started"
  (cd "$root" && JAVA_HOME=$home ./mvnw -B -q -pl "$2" -am -Dmaven.test.skip -Dspotless.check.skip -Dpostgres.binaries.skip "$3" package) >"$log" 2>&1 || {
    tail -n 30 "$log" >&2
    last=
    [ ! -f "$stamp" ] || last=". To start the last build: CDC_BUILD=no '$self'"
    fail "the build failed; its whole output is in $log$last"
  }
  echo "cdc: built" >&2
}

# Puts a finished build in the place of the one before.
swap() {
  [ -d "$1.new" ] || return 0
  rm -rf "$1.old"
  [ ! -d "$1" ] || mv "$1" "$1.old"
  mv "$1.new" "$1"
  rm -rf "$1.old"
}

build_stale() {
  if command_stale; then
    rm -rf "$dist.new" ${demo:+"$demo.new"}
    build '(a few minutes the first time, while Maven fetches what it needs)' "$modules" -Ddist.name=dist.new
    mv "$target/build.started" "$dist.new/built"
    [ -z "$demo" ] || swap "$demo"
    swap "$dist"
  fi
  if connector_stale; then
    build 'the connector (again only when something has changed)' cdc-connect -Dconnect.worker.skip=false
    mv "$target/build.started" "$connect_stamp"
  fi
}

case $root in
  *:*) fail "$root has a colon in its name, and Java finds no classes there. Rename the folder." ;;
esac
if [ "${CDC_BUILD:-}" = no ]; then
  [ -f "$stamp" ] || fail "there is no build yet. Unset CDC_BUILD."
elif command_stale || connector_stale; then
  if mkdir -p "$target" 2>/dev/null && [ -w "$target" ]; then
    lock
    build_stale
    unlock
  else
    [ -f "$stamp" ] || fail "there is no build yet, and $target cannot be written."
    echo "cdc: the sources are newer than the build, and $target cannot be written; starting the last build" >&2
  fi
fi
