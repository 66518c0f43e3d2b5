package io.pgcdc.life;

/**
 * Work that is done in turns, by one thread at a time. A thread does one turn after the other. A simulation does the turns of several
 * workers alternately, on one thread.
 */
public interface Worker {

    /**
     * Does one piece of work, or waits for some.
     *
     * @param waitMs the longest wait; 0: none
     * @return false if there is no further turn
     */
    boolean turn(long waitMs);

    /** Ends what a turn waits for, at a stop. Any thread. */
    default void abort() {}

    /** Ends the work. Called once, after the last turn. */
    void end();
}
