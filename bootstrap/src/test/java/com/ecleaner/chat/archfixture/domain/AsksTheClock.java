package com.ecleaner.chat.archfixture.domain;

import java.time.Instant;

/** Wrong: time comes in from outside. */
public final class AsksTheClock {

    public Instant when() {
        return Instant.now();
    }
}
