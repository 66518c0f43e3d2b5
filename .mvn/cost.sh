#!/bin/sh
# What a build costs. Called by pom.xml: `cost.sh start FILE` notes where the counters stand, `cost.sh end FILE ROOT BUDGET`
# prints the CPU seconds and the wall time since then beside the budget, and the 20 test classes that took longest.
# The CPU seconds are those of the whole container or, outside of one, the whole machine: servers that leave their parent count too.
set -eu

# CPU seconds used so far: user, system and interrupts, without idle and stolen time. Prints nothing where there is no /proc.
cpu_seconds() {
  if grep -q '^usage_usec' /sys/fs/cgroup/cpu.stat 2>/dev/null; then
    awk '/^usage_usec/ { printf "%.0f\n", $2 / 1000000 }' /sys/fs/cgroup/cpu.stat
  elif [ -r /proc/stat ]; then
    awk -v hz="$(getconf CLK_TCK)" '/^cpu / { printf "%.0f\n", ($2 + $3 + $4 + $7 + $8) / hz }' /proc/stat
  fi
}

file=$2
case $1 in
  start)
    mkdir -p "$(dirname "$file")"
    echo "$(date +%s) $(cpu_seconds)" >"$file"
    ;;
  end)
    [ -f "$file" ] || exit 0
    root=$3
    budget=$4
    read -r wall cpu <"$file"
    now=$(cpu_seconds)
    echo
    echo "Slowest test classes (wall seconds):"
    find "$root" \( -path '*/surefire-reports/TEST-*.xml' -o -path '*/failsafe-reports/TEST-*.xml' \) -newer "$file" \
      -exec sed -n 's/^<testsuite .* name="\([^"]*\)" time="\([^"]*\)".*/\2 \1/p' {} + |
      tr -d , | sort -rn | head -n 20 | awk '{ printf "%8.1f  %s\n", $1, $2 }'
    if [ -n "$cpu" ]; then
      echo "Cost of this build: $((now - cpu)) CPU seconds, $(($(date +%s) - wall)) s. Budget: $budget CPU seconds."
    else
      echo "Cost of this build: $(($(date +%s) - wall)) s. CPU seconds are not known on this system."
    fi
    ;;
esac
