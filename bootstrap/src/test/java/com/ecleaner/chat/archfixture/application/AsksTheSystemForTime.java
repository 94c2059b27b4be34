package com.ecleaner.chat.archfixture.application;

/** Wrong: time comes in from outside. */
public final class AsksTheSystemForTime {

    public long when() {
        return System.currentTimeMillis();
    }
}
