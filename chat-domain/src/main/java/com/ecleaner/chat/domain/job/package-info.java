/**
 * Jobs as the platform books them, reduced to what a chat needs: a title, a status, and who talks.
 *
 * <p>A job's rooms live in {@code room}; following a change of its people is the ledger's work in
 * {@code log}.
 */
package com.ecleaner.chat.domain.job;
