/**
 * {@code cdc demo shop}: services with databases of their own, kept consistent by the pipelines of {@code examples/shop}. The code here plays
 * the customers and runs the services' functions; it moves no data between databases.
 */
@NullMarked
package io.pgcdc.demo.shop;

import org.jspecify.annotations.NullMarked;
