#!/bin/sh
# Starts pgcdc. In the source tree, it first builds what is missing or older than the sources: .mvn/build-on-use.sh.
# In an installation, this file is bin/cdc, and lib is beside bin.
#   CDC_JAVA_OPTS   further JVM options, e.g. -Xmx1g
#   CDC_PLUGINS     the folder of plugins (docs/how-to/plugins.md); without it, the folder plugins of the installation
#   CDC_CACHE_DIR   a folder for what speeds up a start, if the installation is read-only; without it, ~/.cache/pgcdc
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
here=$(CDPATH='' cd -- "$(dirname -- "$self")" && pwd)

fail() {
  echo "cdc: $1" >&2
  exit 1
}

if [ -n "${JAVA_HOME:-}" ]; then
  java=$JAVA_HOME/bin/java
else
  java=$(command -v java) || fail "no java found. Install Java 17 or newer, or set JAVA_HOME."
fi
[ -x "$java" ] || fail "$java cannot be run. Set JAVA_HOME to Java 17 or newer."
home=$(dirname -- "$(dirname -- "$(readlink -f "$java")")")
version=$(sed -n 's/^JAVA_VERSION="\([^"]*\)"$/\1/p' "$home/release" 2>/dev/null || true)
[ -n "$version" ] || version=$("$java" -version 2>&1 | sed -n '1s/.*"\(.*\)".*/\1/p')
major=${version%%.*}
case $major in
  '' | *[!0-9]*) fail "cannot tell the version of $java. Set JAVA_HOME to Java 17 or newer." ;;
esac
[ "$major" -ge 17 ] || fail "$java is version $version; pgcdc needs 17 or newer. Set JAVA_HOME."

demo=
if [ -f "$here/mvnw" ]; then
  root=$here
  dist=$root/cdc-cli/target/dist
  . "$root/.mvn/build-on-use.sh"
else
  root=${here%/*}
  dist=$root
  [ -f "$dist/lib/jvm.args" ] ||
    fail "$dist/lib/jvm.args is missing. $self works in its installation only: instead of copying it, make a link to it with ln -s."
fi

# The user's cache, for an installation that is read-only. What is kept there has the path's number in its name.
cache=${CDC_CACHE_DIR:-${XDG_CACHE_HOME:+$XDG_CACHE_HOME/pgcdc}}
cache=${cache:-${HOME:+$HOME/.cache/pgcdc}}
number=$(printf %s "$dist" | cksum)
number=${number%% *}

# Java takes a colon in a path for the end of the path. A link leads there; Java archives no classes behind a link.
archived=true
case $dist in
  *:*)
    archived=false
    link=$cache/$number
    mkdir -p "${cache:-/dev/null/x}" 2>/dev/null && [ -w "$cache" ] && case $cache in *:*) false ;; esac ||
      fail "$dist has a colon in its name, and ${cache:-the cache folder} cannot hold a link to it. Set CDC_CACHE_DIR to a folder that you may write."
    [ "$(readlink "$link" || true)" = "$dist" ] || {
      rm -f "$link"
      ln -s "$dist" "$link"
    }
    dist=$link
    ;;
esac

# No option has a space in it.
flags="-Xshare:auto -Xlog:disable -Xlog:all=off"
# Standard output carries data only, and the JVM's own words are none.
flags="$flags -XX:+DisplayVMOutputToStderr"
# The JVM's own counters (jstat) are read once a second; 20 times would be a tenth of what an idle process costs.
flags="$flags -XX:PerfDataSamplingInterval=1000"
# Less work for the optimising compiler, which costs more CPU than a short run has time to earn back (docs/explanation/performance.md): it begins later,
# and inlines less.
flags="$flags -XX:Tier4InvocationThreshold=20000 -XX:Tier4MinInvocationThreshold=5000 -XX:Tier4CompileThreshold=40000
  -XX:Tier4BackEdgeThreshold=150000 -XX:MaxInlineLevel=5 -XX:FreqInlineSize=120 -XX:InlineSmallCode=400"
# The JVM refuses two collectors. With ours, the young generation is small, so that what a message leaves behind is swept out of the
# processor's cache before it fills memory.
collector="-XX:+UseSerialGC -Xmn24m"
for option in ${JDK_JAVA_OPTIONS:-} ${JAVA_TOOL_OPTIONS:-} ${CDC_JAVA_OPTS:-}; do
  case $option in -XX:+Use*GC) collector= ;; esac
done
# What the queue needs of the JVM, and of newer ones.
newer=
[ "$major" -lt 24 ] || newer=@$dist/lib/jvm-24.args

# The demo's jars come after the others, so that the class-data archive serves it as well. The help lists it.
classpath=$dist/lib/*
case ${1:-help} in
  demo | help | -h | --help) [ -z "$demo" ] || classpath=$classpath:$demo/lib/* ;;
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

# Class-data sharing: the first start writes the archive, by a short run of its own. It only helps the JVM that wrote it, and the same jars
# at the same path.
release=
for jar in "$dist"/lib/cdc-cli-*.jar; do
  release=${jar##*/cdc-cli-}
done
name=cdc-$number-${release%.jar}-java-$version.jsa
archive=$dist/cache/$name
if [ ! -f "$archive" ] && [ ! -w "$dist" ]; then
  archive=${cache:-/dev/null/x}/$name
fi
kept=${archive%/*}
# shellcheck disable=SC2086 # flags are words
if [ "$archived" = true ] && { [ ! -f "$archive" ] || [ -n "$(find "$dist/lib/" -newer "$archive" -print | head -n 1)" ]; } &&
  mkdir -p "$kept" 2>/dev/null && [ -w "$kept" ]; then
  rm -f "$kept/cdc-$number"-*"-java-$version.jsa"
  CDC_PLUGINS='' "$java" "@$dist/lib/jvm.args" ${newer:+"$newer"} $flags $collector -XX:ArchiveClassesAtExit="$archive.$$" -cp "$dist/lib/*" io.pgcdc.cli.ClassListing >/dev/null 2>&1 &&
    mv -f "$archive.$$" "$archive" || rm -f "$archive.$$"
fi
if [ "$archived" = true ] && [ -f "$archive" ]; then
  set -- "-XX:SharedArchiveFile=$archive" "$@"
fi

# shellcheck disable=SC2086 # flags are words
exec "$java" "@$dist/lib/jvm.args" ${newer:+"$newer"} $flags $collector -Xmx256m ${CDC_JAVA_OPTS:-} -cp "$classpath" "$@"
