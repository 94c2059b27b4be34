package com.ecleaner.chat.archfixture.bootstrap;

import com.ecleaner.chat.archfixture.domain.Room;

/** Breaks no rule: the place that may know and print. */
public record Wiring(Room room) {
    public void print() {
        System.out.println(room);
    }
}
