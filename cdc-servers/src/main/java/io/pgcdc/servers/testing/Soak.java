package io.pgcdc.servers.testing;

/**
 * Distinguishes an ordinary build from a soak, {@code ./mvnw verify -Psoak}. A build strikes each kind of fault a few times within
 * a budget of CPU seconds. A soak has hours, and runs the full counts.
 */
public final class Soak {

    private static final boolean ON = Boolean.getBoolean("pgcdc.soak");

    private Soak() {}

    /** Returns {@code inBuild} or {@code inSoak}, a number of repetitions. */
    public static int count(int inBuild, int inSoak) {
        return ON ? inSoak : inBuild;
    }
}
