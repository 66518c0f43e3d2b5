package io.pgcdc.cli.plugin;

import java.util.List;

/**
 * The parent of each plugin's class loader: the JDK's own classes, and those that plugins and cdc must have in common. It has no
 * resources of ours: our lists of services are not a plugin's.
 */
final class SharedClasses extends ClassLoader {

    static {
        registerAsParallelCapable();
    }

    /** What crosses the border: the contract, the logger that cdc configures, and annotations. */
    private static final List<String> SHARED = List.of("io.pgcdc.", "org.slf4j.", "org.jspecify.");

    private final ClassLoader ours;

    SharedClasses(ClassLoader ours) {
        super("cdc-shared", ClassLoader.getPlatformClassLoader());
        this.ours = ours;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        if (SHARED.stream().noneMatch(name::startsWith)) {
            throw new ClassNotFoundException(name);
        }
        return ours.loadClass(name);
    }
}
