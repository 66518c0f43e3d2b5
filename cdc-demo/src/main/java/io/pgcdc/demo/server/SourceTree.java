package io.pgcdc.demo.server;

import io.pgcdc.error.ErrorCode;
import io.pgcdc.error.SourceException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Finds what the build of the source tree has made beside the demo: the jars of a Connect worker, and the connector as a plugin. */
final class SourceTree {

    private static final String CONNECTOR = "cdc-connect";
    private static final String WORKER = "cdc-servers/connect-worker/target/worker";
    private static final String PLUGINS = "pgcdc-connect-*-plugin";

    private final Path root;

    private SourceTree(Path root) {
        this.root = root;
    }

    /**
     * Returns the tree that the demo's own classes are in.
     *
     * @throws SourceException MACHINE_SERVER_FAILED: they are in none
     */
    static SourceTree find() {
        Path own = ownClasses();
        for (Path at = own; at != null; at = at.getParent()) {
            if (Files.exists(at.resolve(CONNECTOR).resolve("pom.xml"))) {
                return new SourceTree(at);
            }
        }
        throw refused("the demo in " + own + " is in no source tree of pgcdc", null);
    }

    private static Path ownClasses() {
        try {
            return Path.of(SourceTree.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns the folder with the jars of a worker. */
    Path worker() {
        Path folder = root.resolve(WORKER);
        if (!Files.isDirectory(folder.resolve("lib"))) {
            throw refused("the jars of Kafka Connect are not at " + folder, null);
        }
        return folder;
    }

    /** Returns a folder for {@code plugin.path} with the connector in it. */
    Path plugins() {
        Path target = root.resolve(CONNECTOR).resolve("target");
        try (DirectoryStream<Path> found = Files.newDirectoryStream(target, PLUGINS)) {
            for (Path folder : found) {
                return folder;
            }
        } catch (IOException e) {
            throw refused("the connector is not in " + target, e);
        }
        throw refused("the connector is not in " + target, null);
    }

    private static SourceException refused(String what, @Nullable Exception cause) {
        String message = what + ". Run ./cdc demo --connect in the source tree: it builds what is missing.";
        return cause == null
                ? new SourceException(ErrorCode.MACHINE_SERVER_FAILED, message)
                : new SourceException(ErrorCode.MACHINE_SERVER_FAILED, message, cause);
    }
}
