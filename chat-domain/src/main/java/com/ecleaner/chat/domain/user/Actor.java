package com.ecleaner.chat.domain.user;

/**
 * Who asks: an authenticated user with the role that counts now.
 *
 * @param role what the platform wrote about the user where it did, the token's role otherwise
 */
public record Actor(UserId id, Role role) {
    public boolean isAdmin() {
        return role == Role.ADMIN;
    }

    public boolean isPlatform() {
        return role == Role.SERVICE;
    }
}
