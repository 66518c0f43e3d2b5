/** A sink that posts changes to a web service. */
@NullMarked
package org.example.http;

import org.jspecify.annotations.NullMarked;
