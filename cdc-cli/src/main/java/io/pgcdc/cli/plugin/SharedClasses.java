package io.pgcdc.cli.plugin;

import java.util.List;

/**
 * The parent of each plugin's class loader: the JDK's classes, and those that plugins share with cdc. It has none of our resources,
 * so a plugin does not see our lists of services.
 */
final class SharedClasses extends ClassLoader {

    static {
        registerAsParallelCapable();
    }

    /** Shared packages: the contract, the logger that cdc configures, and annotations. */
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
