/** The API that a sink compiles against. The module exists for the compiler only: pgcdc runs on the class path. */
module io.pgcdc.api {
    requires static transitive org.jspecify;

    exports io.pgcdc.error;
    exports io.pgcdc.model;
    exports io.pgcdc.setting;
    exports io.pgcdc.sink;
}
