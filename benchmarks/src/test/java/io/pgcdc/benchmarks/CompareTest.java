package io.pgcdc.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareTest {

    private static final String HEADER =
            "\"Benchmark\",\"Mode\",\"Threads\",\"Samples\",\"Score\",\"Score Error (99.9%)\",\"Unit\"\n";

    @TempDir
    Path directory;

    private Path file(String name, String lines) throws IOException {
        return Files.writeString(directory.resolve(name), HEADER + lines);
    }

    @Test
    void putsEachFigureBesideTheOtherAndMarksWhatIsNotToldApart() throws IOException {
        Path before = file("before.csv", """
                "io.pgcdc.benchmarks.A.fast","avgt",1,6,200.000000,10.000000,"ns/op"
                "io.pgcdc.benchmarks.A.fast:gc.alloc.rate.norm","avgt",1,6,0.500000,0.100000,"B/op"
                "io.pgcdc.benchmarks.A.fast:gc.count","avgt",1,6,3.000000,NaN,"counts"
                "io.pgcdc.benchmarks.A.gone","avgt",1,1,50.000000,NaN,"ns/op"
                """);
        Path after = file("after.csv", """
                "io.pgcdc.benchmarks.A.fast","avgt",1,6,100.000000,10.000000,"ns/op"
                "io.pgcdc.benchmarks.A.fast:gc.alloc.rate.norm","avgt",1,6,0.450000,0.100000,"B/op"
                "io.pgcdc.benchmarks.A.come","avgt",1,6,7.000000,1.000000,"ns/op"
                """);

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Compare.print(Compare.read(before), Compare.read(after), new PrintStream(bytes, true, StandardCharsets.UTF_8));

        assertEquals("""
                                                                  before     after   ratio
                A.fast                                            200.00    100.00 ns/op    0.50
                A.fast (bytes)                                      0.50      0.45 B/op    0.90 ~
                A.gone                                             50.00         - ns/op\s
                A.come                                                 -      7.00 ns/op\s
                ~ the error ranges touch: not told apart
                """, bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n"));
    }

    @Test
    void aParameterIsPartOfTheName() throws IOException {
        Path file = Files.writeString(directory.resolve("params.csv"), HEADER.strip() + """
                ,"Param: columns","Param: type"
                "io.pgcdc.benchmarks.WidthBenchmark.transcode","avgt",1,6,10.0,1.0,"ns/op",1,
                "io.pgcdc.benchmarks.WidthBenchmark.transcode","avgt",1,6,40.0,1.0,"ns/op",4,
                "io.pgcdc.benchmarks.TypeBenchmark.transcode","avgt",1,6,7.0,1.0,"ns/op",,BOOL
                """);
        assertEquals(
                List.of("Width.transcode 1", "Width.transcode 4", "Type.transcode BOOL"),
                List.copyOf(Compare.read(file).keySet()));
    }

    @Test
    void refusesAFileThatIsNoResult() throws IOException {
        Path other = Files.writeString(directory.resolve("other.csv"), "a,b\n1,2\n");
        assertThrows(IllegalArgumentException.class, () -> Compare.read(other));
    }
}
