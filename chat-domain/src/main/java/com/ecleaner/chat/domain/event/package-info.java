/**
 * What people who are connected get to see: changes of a room's log, each with its version, and
 * passing things like typing.
 *
 * <p>Facts only; who receives them is the application's hub.
 */
package com.ecleaner.chat.domain.event;
