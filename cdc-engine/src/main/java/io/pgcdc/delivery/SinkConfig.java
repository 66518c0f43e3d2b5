package io.pgcdc.delivery;

import io.pgcdc.setting.SettingValues;
import io.pgcdc.view.RouteConfig;

/**
 * One sink.
 *
 * @param settings those of its type, as the type's provider declares them
 */
public record SinkConfig(
        String name, String type, DeliveryConfig delivery, RouteConfig route, SettingValues settings) {}
