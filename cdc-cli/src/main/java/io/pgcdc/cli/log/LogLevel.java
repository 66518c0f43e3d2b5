package io.pgcdc.cli.log;

import org.slf4j.event.Level;

/** The least important events that are shown. */
public enum LogLevel {
    OFF(Integer.MAX_VALUE),
    ERROR(Level.ERROR.toInt()),
    WARN(Level.WARN.toInt()),
    INFO(Level.INFO.toInt()),
    DEBUG(Level.DEBUG.toInt());

    private final int least;

    LogLevel(int least) {
        this.least = least;
    }

    boolean shows(Level level) {
        return level.toInt() >= least;
    }
}
