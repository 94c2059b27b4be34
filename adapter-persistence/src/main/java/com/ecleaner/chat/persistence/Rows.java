package com.ecleaner.chat.persistence;

/** The tables that Hibernate knows, each as a class. */
final class Rows {
    static final Class<?>[] ALL = {
        UserRow.class, JobRow.class, RoomRow.class, ParticipantRow.class,
    };

    private Rows() {}
}
