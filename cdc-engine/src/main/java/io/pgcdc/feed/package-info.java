/**
 * Changes for those who ask for them: a subscription reads the queue as a sink or a feed sees it. It has no checkpoint. So it holds back neither
 * the deletion of files nor what the server is told. A subscription is for one thread; many may read at a time.
 */
@org.jspecify.annotations.NullMarked
package io.pgcdc.feed;
