package io.pgcdc.queue.disk;

import io.pgcdc.queue.LedgerFile;
import io.pgcdc.queue.LedgerFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** One file for each ledger. The directory exists once there was one. */
final class LedgerDirectory implements LedgerFiles {

    private static final Pattern ID = Pattern.compile("[a-z0-9]{1,32}");

    private final Path directory;

    LedgerDirectory(Path directory) {
        this.directory = directory;
    }

    @Override
    public List<String> ids() {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .filter(name -> ID.matcher(name).matches())
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw SegmentFile.io("cannot be listed", directory, e);
        }
    }

    @Override
    public LedgerFile file(String id) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("the id of a snapshot must be 1 to 32 of a-z, 0-9: " + id);
        }
        try {
            if (!Files.isDirectory(directory)) {
                DurableFiles.createDirectory(directory);
            }
        } catch (IOException e) {
            throw SegmentFile.io("cannot be created", directory, e);
        }
        return new CheckedTextFile(directory.resolve(id));
    }

    @Override
    public void delete(String id) {
        try {
            DurableFiles.delete(directory.resolve(id));
        } catch (IOException e) {
            throw SegmentFile.io("cannot be removed", directory.resolve(id), e);
        }
    }
}
