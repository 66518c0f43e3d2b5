package io.pgcdc.sinks.avro;

import io.pgcdc.model.ColumnName;
import java.util.List;

/**
 * The options of the Avro format.
 *
 * @param prefix first part of schemas' names; may be empty
 * @param textColumns columns whose values are PostgreSQL's text, with any type
 */
public record AvroOptions(String prefix, List<ColumnName> textColumns) {

    public AvroOptions {
        textColumns = List.copyOf(textColumns);
    }
}
