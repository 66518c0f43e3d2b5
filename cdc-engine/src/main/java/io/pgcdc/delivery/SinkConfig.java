package io.pgcdc.delivery;

import io.pgcdc.setting.SettingValues;
import io.pgcdc.view.RouteConfig;

/**
 * The configuration of one sink.
 *
 * @param settings those of its type, declared by the type's provider
 */
public record SinkConfig(
        String name, String type, DeliveryConfig delivery, RouteConfig route, SettingValues settings) {}
