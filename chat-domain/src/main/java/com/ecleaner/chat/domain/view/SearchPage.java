package com.ecleaner.chat.domain.view;

import com.ecleaner.chat.domain.message.Message;

import java.util.List;
import java.util.Optional;

/**
 * A page of what was found, best first; {@code next} is where this one ended, if it goes on. There
 * is no count of all: it would have to be made for each page, and who needs it looks on.
 */
public record SearchPage(List<Message> messages, Optional<SearchCursor> next) {}
