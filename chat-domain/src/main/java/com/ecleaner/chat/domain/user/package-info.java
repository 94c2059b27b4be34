/**
 * Users, their roles, and the actor behind a request.
 *
 * <p>Names and ids only: what a user may do is {@code access}, what they are in a room is {@code
 * room}.
 */
package com.ecleaner.chat.domain.user;
