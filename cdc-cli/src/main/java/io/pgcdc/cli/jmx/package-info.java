/** What a process tells over JMX. It only reads. */
@org.jspecify.annotations.NullMarked
package io.pgcdc.cli.jmx;
