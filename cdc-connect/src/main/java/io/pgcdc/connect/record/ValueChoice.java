package io.pgcdc.connect.record;

/** The choices of {@code values}: what keys and values are before the worker's converters. */
public enum ValueChoice {
    /** Structs with schemas; text for an outbox's events. */
    STRUCT,
    /** The bytes of the format. */
    BYTES
}
