package io.pgcdc.servers.testing;

/**
 * Tells an ordinary build from a soak, {@code ./mvnw verify -Psoak}. A build strikes each kind of fault a few times within a budget of
 * CPU seconds; a soak has hours, and plays the full counts.
 */
public final class Soak {

    private static final boolean ON = Boolean.getBoolean("pgcdc.soak");

    private Soak() {}

    /** Returns how often: {@code inBuild} times, or {@code inSoak} times. */
    public static int count(int inBuild, int inSoak) {
        return ON ? inSoak : inBuild;
    }
}
