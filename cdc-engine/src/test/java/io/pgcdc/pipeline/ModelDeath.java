package io.pgcdc.pipeline;

/** The process is killed, or the machine loses its power: nothing that the dead one tries from here on has an effect. */
final class ModelDeath extends Error {

    private static final long serialVersionUID = 1;

    ModelDeath() {
        super("killed", null, false, false);
    }
}
