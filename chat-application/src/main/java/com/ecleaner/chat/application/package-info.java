/**
 * The use cases, one class each with one public verb, the hub of live connections, and the facade
 * for services that embed the chat.
 *
 * <p>May depend on the domain and the JDK. Knows neither JSON nor SQL nor any transport: those are
 * the adapters' business, and the wiring is bootstrap's.
 */
package com.ecleaner.chat.application;
