package io.pgcdc.error;

/**
 * The bytes cannot be decoded. Decoders throw nothing else, for any bytes. The message names byte offset and LSN, never row values.
 */
public final class DecodeException extends CdcException {

    public DecodeException(ErrorCode code, String message) {
        super(code, message, null);
    }
}
