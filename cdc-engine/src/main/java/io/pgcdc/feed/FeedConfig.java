package io.pgcdc.feed;

import io.pgcdc.view.RouteConfig;

/**
 * A feed: changes that clients fetch.
 *
 * @param route which changes they see, and how
 */
public record FeedConfig(String name, RouteConfig route) {

    /** As written under {@code type:}. */
    public static final String TYPE = "feed";
}
