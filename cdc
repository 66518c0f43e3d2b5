#!/bin/sh
# Starts pgcdc from its source tree: builds on first use and after a change of the sources, then hands over to the JVM.
#   CDC_JAVA_OPTS   further JVM options, e.g. -Xmx1g
#   CDC_PLUGINS     the folder of plugins (docs/how-to/plugins.md); without it the folder plugins beside this file
set -eu

# A closed standard stream is opened: otherwise the next file that the JVM opens, perhaps one of the queue's, has its number.
closed=false
true 3>&2 || exec 2>/dev/null
{ true 3<&0; } 2>/dev/null || exec </dev/null
{ true 3>&1; } 2>/dev/null || { closed=true && exec >/dev/null; }

self=$0
while [ -h "$self" ]; do
  target=$(readlink "$self")
  case $target in /*) self=$target ;; *) self=$(dirname "$self")/$target ;; esac
done
root=$(CDPATH='' cd -- "$(dirname -- "$self")" && pwd)
dist=$root/cdc-cli/target/dist
demo=$root/cdc-demo/target/dist
stamp=$dist/built
# An installation without the source tree has no demo.
modules=cdc-cli
[ ! -f "$root/cdc-demo/pom.xml" ] || modules=cdc-cli,cdc-demo
# The connector, and the jars of a worker, are built for the demo that shows them.
connect_stamp=$root/cdc-connect/target/built
connect=false
if [ "${1:-}" = demo ] && [ -f "$root/cdc-connect/pom.xml" ]; then
  for argument; do
    [ "$argument" != --connect ] || connect=true
  done
fi

fail() {
  echo "cdc: $1" >&2
  exit 1
}

if [ -n "${JAVA_HOME:-}" ]; then
  java=$JAVA_HOME/bin/java
else
  java=$(command -v java) || fail "no java found. Install a JDK, 17 or newer, or set JAVA_HOME."
fi
[ -x "$java" ] || fail "$java cannot be run. Set JAVA_HOME to a JDK, 17 or newer."
home=$(dirname -- "$(dirname -- "$(readlink -f "$java")")")
version=$(sed -n 's/^JAVA_VERSION="\([^"]*\)"$/\1/p' "$home/release" 2>/dev/null || true)
[ -n "$version" ] || version=$("$java" -version 2>&1 | sed -n '1s/.*"\(.*\)".*/\1/p')
major=${version%%.*}
case $major in
  '' | *[!0-9]*) fail "cannot tell the version of $java. Set JAVA_HOME to a JDK, 17 or newer." ;;
esac
[ "$major" -ge 17 ] || fail "$java is version $version; pgcdc needs 17 or newer. Set JAVA_HOME."

sources_changed() {
  [ -n "$(find "$root/pom.xml" "$root"/cdc-*/src/main "$root"/cdc-sinks/*/src/main \
    "$root"/cdc-*/pom.xml "$root"/cdc-sinks/*/pom.xml -newer "$stamp" -type f -print 2>/dev/null | head -n 1)" ]
}

build() {
  [ -x "$home/bin/javac" ] || fail "building needs a JDK, and $home has no javac. Set JAVA_HOME to a JDK, 17 or newer."
  echo "cdc: building $1" >&2
  log=$root/cdc-cli/target/build.log
  mkdir -p "$root/cdc-cli/target"
  (cd "$root" && JAVA_HOME=$home ./mvnw -B -q -pl "$2" -am -Dmaven.test.skip -Dspotless.check.skip -Dpostgres.binaries.skip $3 package) >"$log" 2>&1 || {
    tail -n 30 "$log" >&2
    fail "the build failed; its whole output is in $log"
  }
  : >"$4"
  echo "cdc: built" >&2
}

if [ ! -f "$stamp" ] || sources_changed; then
  rm -rf "$dist" "$demo"
  build '(a few minutes the first time, while Maven fetches what it needs)' "$modules" '' "$stamp"
fi
# This stamp is newer than the command's, and so than all sources.
if [ "$connect" = true ] && { [ -z "$(find "$connect_stamp" -newer "$stamp" 2>/dev/null)" ] ||
  [ ! -d "$root/cdc-servers/connect-worker/target/worker/lib" ] ||
  [ -z "$(find "$root/cdc-connect/target" -maxdepth 1 -type d -name '*-plugin')" ]; }; then
  build 'the connector (again only when something has changed)' cdc-connect -Dconnect.worker.skip=false "$connect_stamp"
fi

# No option has a space in it.
flags="-XX:+UseSerialGC -Xshare:auto -Xlog:disable -Xlog:all=off"
# Standard output carries data only, and the JVM's own words are none.
flags="$flags -XX:+DisplayVMOutputToStderr"
# The JVM's own counters (jstat) are read once a second; 20 times would be a tenth of what an idle process costs.
flags="$flags -XX:PerfDataSamplingInterval=1000"
# Less work for the optimising compiler, which costs more CPU than a short run has time to earn back (docs/explanation/performance.md): it begins later,
# and inlines less.
flags="$flags -XX:Tier4InvocationThreshold=20000 -XX:Tier4MinInvocationThreshold=5000 -XX:Tier4CompileThreshold=40000
  -XX:Tier4BackEdgeThreshold=150000 -XX:MaxInlineLevel=5 -XX:FreqInlineSize=120 -XX:InlineSmallCode=400"
# What the queue needs of the JVM, and of newer ones.
newer=
[ "$major" -lt 24 ] || newer=@$dist/jvm-24.args

# The demo's jars come after the others, so that the class-data archive serves it as well. The help lists it.
classpath=$dist/lib/*
case ${1:-help} in
  demo | help | -h | --help) [ ! -d "$demo/lib" ] || classpath=$classpath:$demo/lib/* ;;
esac

set -- "-Dcdc.plugins=$root/plugins" io.pgcdc.cli.Main "$@"
[ "$closed" = false ] || set -- -Dcdc.stdout.closed=true "$@"
[ ! -t 0 ] || set -- -Dcdc.stdin.terminal=true "$@"
if [ -t 1 ] || [ -t 2 ]; then
  columns=$(stty size 2>/dev/null </dev/tty | cut -d' ' -f2) || columns=
  [ ! -t 1 ] || set -- -Dcdc.stdout.terminal=true "-Dcdc.stdout.columns=${columns:-80}" "$@"
  [ ! -t 2 ] || set -- -Dcdc.stderr.terminal=true "-Dcdc.stderr.columns=${columns:-80}" "$@"
fi

# In the locale C, the JVM takes each byte above 127 for unknown: a name with an accent, in the arguments or in the output, would be lost.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-C}}} in
  C | POSIX) export LC_ALL=C.UTF-8 ;;
esac

# Class-data sharing: the archive is written once a build, by a short run of its own, and only helps the JVM that wrote it.
# shellcheck disable=SC2086 # flags are words
archive=$dist/cdc-$version.jsa
if [ -w "$dist" ] && { [ ! -f "$archive" ] || [ -n "$(find "$dist/lib" -newer "$archive" -print | head -n 1)" ]; }; then
  CDC_PLUGINS='' "$java" "@$dist/jvm.args" ${newer:+"$newer"} $flags -XX:ArchiveClassesAtExit="$archive.$$" -cp "$dist/lib/*" io.pgcdc.cli.ClassListing >/dev/null 2>&1 &&
    mv -f "$archive.$$" "$archive" || rm -f "$archive.$$"
fi
if [ -f "$archive" ]; then
  set -- "-XX:SharedArchiveFile=$archive" "$@"
fi

# shellcheck disable=SC2086 # flags are words
# The young generation is small, so that what a message leaves behind is swept out of the processor's cache before it fills memory.
exec "$java" "@$dist/jvm.args" ${newer:+"$newer"} $flags -Xmx256m -Xmn24m ${CDC_JAVA_OPTS:-} -cp "$classpath" "$@"
