package com.ecleaner.chat.domain.view;

import java.util.Optional;

/**
 * The access check of a read, made by the store between looking up the seat and reading what it
 * guards, in one snapshot: nothing that was written after access was lost can slip in between.
 */
@FunctionalInterface
public interface Admission {
    /**
     * Returns where the reader may go on.
     *
     * @param seat nothing where there is no such room
     * @throws com.ecleaner.chat.domain.Refusal where the reader may not go on
     */
    void admit(Optional<Seat> seat);
}
