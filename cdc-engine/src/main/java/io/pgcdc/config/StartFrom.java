package io.pgcdc.config;

/** Where a sink begins that has no checkpoint in a queue that holds changes already. */
public enum StartFrom {
    /** With the first change that the queue still holds. */
    BEGINNING,
    /** With the first transaction that is captured from now on. */
    NOW
}
