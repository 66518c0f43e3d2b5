package io.pgcdc.delivery;

/** Marks what a sink threw and what has failed for good, and nothing else: what queue or decoder throw concerns everybody. */
final class SinkFailure extends Exception {

    private static final long serialVersionUID = 1;

    private final Throwable thrown;

    SinkFailure(Throwable thrown) {
        super(thrown);
        this.thrown = thrown;
    }

    Throwable thrown() {
        return thrown;
    }
}
