package com.ecleaner.chat.archfixture.application;

import com.ecleaner.chat.archfixture.domain.Room;

/** Breaks no rule. */
public record UseCase(Room room) {}
