package io.pgcdc.json.value;

import io.pgcdc.error.DecodeException;
import io.pgcdc.json.bytes.JsonBuffer;
import io.pgcdc.model.PgType;

/**
 * Writes the values of one type as JSON. Reads the text of the type's output function under the settings that {@link
 * io.pgcdc.session.SessionSettings} pins. The JSON equals, as jsonb, what {@code to_jsonb} returns for the same value.
 *
 * <p>Created once per type and kept. Allocates nothing per value once its scratch space has grown. Belongs to one thread.
 */
public interface ValueEncoder {

    /**
     * Appends one non-null value.
     *
     * @param buffer holds the text in UTF-8, from {@code offset} for {@code length} bytes
     * @throws DecodeException if the text does not fit the type; {@code out} then holds an unfinished value, which the caller
     *     truncates
     */
    void encode(byte[] buffer, int offset, int length, JsonBuffer out);

    /**
     * Returns the encoder of a type.
     *
     * @throws DecodeException if types are nested too deep
     */
    static ValueEncoder of(PgType type) {
        return new ValueEncoders().of(type);
    }
}
