/**
 * Kafka Connect workers as processes, and their REST interface. Knows no connector. Users of this package need Jackson databind.
 */
@NullMarked
package io.pgcdc.servers.connect;

import org.jspecify.annotations.NullMarked;
