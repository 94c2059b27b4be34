package com.ecleaner.chat.application.platform;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.user.Actor;

/** Who may write what only the platform writes. */
final class Platform {
    private Platform() {}

    static void require(Actor actor) {
        if (!actor.isPlatform()) {
            throw Refusal.forbidden("only the platform may do this");
        }
    }
}
