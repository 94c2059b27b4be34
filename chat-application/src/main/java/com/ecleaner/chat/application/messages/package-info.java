/**
 * Saying something, changing it, taking it back, and reading what was said: a class per use case.
 *
 * <p>Rules are the domain's; a use case here gathers what it needs, asks, and tells the bus.
 */
package com.ecleaner.chat.application.messages;
