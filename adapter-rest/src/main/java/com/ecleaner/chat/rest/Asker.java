package com.ecleaner.chat.rest;

import com.ecleaner.chat.application.signin.Visitor;
import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.user.Actor;

import jakarta.ws.rs.core.SecurityContext;

import java.security.Principal;

/** Who was let in, carried from {@link SignInFilter} to the resources. */
record Asker(Visitor visitor) implements Principal {
    Actor actor() {
        return visitor.actor();
    }

    @Override
    public String getName() {
        return actor().id().value();
    }

    /** The actor of this request. */
    static Actor of(SecurityContext security) {
        return visitor(security).actor();
    }

    /** All that is known of who asks. */
    static Visitor visitor(SecurityContext security) {
        if (security.getUserPrincipal() instanceof Asker asker) {
            return asker.visitor;
        }
        throw SignInFilter.notSignedIn();
    }

    /** The actor of this request, who has to be the platform itself. */
    static Actor platform(SecurityContext security) {
        Actor actor = of(security);
        if (!actor.isPlatform()) {
            throw Refusal.forbidden("only the platform may do this");
        }
        return actor;
    }
}
