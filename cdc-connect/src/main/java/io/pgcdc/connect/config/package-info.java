/** The connector's configuration: properties, as Kafka Connect has them, into our settings. */
@NullMarked
package io.pgcdc.connect.config;

import org.jspecify.annotations.NullMarked;
