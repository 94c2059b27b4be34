/**
 * Looking for what was said: how text is cut into words, when words answer a question, and what is
 * shown of an answer.
 *
 * <p>Every store finds by these rules, whatever index it has; nothing here knows where messages
 * are.
 */
package com.ecleaner.chat.domain.search;
