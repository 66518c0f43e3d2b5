package io.pgcdc.demo;

import io.pgcdc.cli.AddedCommand;

/** Adds {@code demo} to the command. */
public final class AddedDemo implements AddedCommand {

    @Override
    public Object make() {
        return new DemoCommand();
    }
}
