package io.pgcdc.race;

/**
 * One reading of a backlog.
 *
 * @param slot a copy of the workload's slot, this reading's own
 * @param publication of the workload's tables
 * @param endLsn behind the backlog's last commit, as text
 */
record Lap(RaceServer server, String slot, String publication, String endLsn) {}
