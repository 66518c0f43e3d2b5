package io.pgcdc.connect.offset;

import java.util.Map;

/** An offset, and the partition under which Kafka Connect keeps it. */
public record KeptOffset(Map<String, String> partition, Map<String, Object> offset) {}
