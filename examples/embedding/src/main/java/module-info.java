/** A program that is a module: it sees what the engine exports, and no more. */
module org.example.embedding {
    requires io.pgcdc.engine;
}
