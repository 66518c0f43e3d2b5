package io.pgcdc.race;

import java.util.Locale;
import java.util.Map;

/** The forms of a connector's records. */
enum RecordForm {
    /** Debezium's envelope, as a Struct. */
    DEBEZIUM("debezium", true),
    /** The native record, as a Struct. */
    NATIVE("native", true),
    /** The JSON of Debezium's envelope, as bytes. */
    BYTES("debezium", false);

    private static final String JSON = "org.apache.kafka.connect.json.JsonConverter";
    private static final String BYTES_AS_THEY_ARE = "org.apache.kafka.connect.converters.ByteArrayConverter";

    private final String format;
    private final boolean structs;

    RecordForm(String format, boolean structs) {
        this.format = format;
        this.structs = structs;
    }

    /** Returns it as the names of contestants have it. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean isStructs() {
        return structs;
    }

    /** Returns the value of pgcdc's {@code format}. */
    String format() {
        return format;
    }

    /**
     * Returns the properties of a connector's converters.
     *
     * @param schemas true: JSON gets schemas, from which the Structs can be made again
     */
    Map<String, String> converters(boolean schemas) {
        String converter = structs ? JSON : BYTES_AS_THEY_ARE;
        return Map.of(
                "key.converter",
                converter,
                "key.converter.schemas.enable",
                Boolean.toString(schemas),
                "value.converter",
                converter,
                "value.converter.schemas.enable",
                Boolean.toString(schemas));
    }
}
