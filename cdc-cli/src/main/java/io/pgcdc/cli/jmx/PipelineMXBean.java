package io.pgcdc.cli.jmx;

import java.util.List;

/** A pipeline, for JMX clients. Any thread; reads the queue's files. docs/reference/metrics.md describes it. */
public interface PipelineMXBean {

    /** Returns healthy, degraded or down. */
    String getHealth();

    /** Returns new, starting, running, stopping, stopped or failed. */
    String getState();

    /** Returns a sentence each; empty: it is healthy. */
    List<String> getProblems();

    boolean isSourceConnected();

    /** Returns the bytes of the changes in the queue; 0: it is not open. */
    long getQueueBytes();

    List<SinkRow> getSinks();
}
