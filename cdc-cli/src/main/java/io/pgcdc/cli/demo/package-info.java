/**
 * The demo's shop: its tables, and the little life that goes on in them. Talks plain JDBC to the server of the demo.
 */
@NullMarked
package io.pgcdc.cli.demo;

import org.jspecify.annotations.NullMarked;
