/**
 * Rooms, messages, jobs and users, the rules of who may do what, unread counts, the events, and the
 * ports through which the domain asks for storage and delivery.
 *
 * <p>May depend on the JDK and nothing else: no framework, no logging library, no clock of its own
 * (time comes in as an {@link java.time.InstantSource}). What talks to a socket, a database or a
 * browser belongs to an adapter.
 */
package com.ecleaner.chat.domain;
