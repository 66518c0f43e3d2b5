package io.pgcdc.sinks.avro;

import io.pgcdc.model.ColumnName;
import java.util.List;

/**
 * The options of the Avro format.
 *
 * @param prefix first part of the schemas' namespaces; may be empty
 * @param textColumns columns whose values are written as PostgreSQL's text, whatever their type
 */
public record AvroOptions(String prefix, List<ColumnName> textColumns) {

    public AvroOptions {
        textColumns = List.copyOf(textColumns);
    }
}
