package io.pgcdc.pipeline;

/** The process is killed, or the machine loses its power. Later actions of that process have no effect. */
final class ModelDeath extends Error {

    private static final long serialVersionUID = 1;

    ModelDeath() {
        super("killed", null, false, false);
    }
}
