package com.ecleaner.chat.domain.view;

import java.util.List;
import java.util.Optional;

/**
 * A page of rooms, most recently active first; {@code next} is where the following page begins, if
 * there is one.
 */
public record RoomPage(List<RoomView> rooms, Optional<RoomCursor> next) {}
