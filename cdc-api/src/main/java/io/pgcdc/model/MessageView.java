package io.pgcdc.model;

/** A logical message. A flyweight, like the change it belongs to. */
public interface MessageView {

    String prefix();

    boolean transactional();

    /** The bytes that the content lies in, from {@link #offset} for {@link #length} bytes. Any bytes whatever. */
    byte[] buffer();

    int offset();

    int length();
}
