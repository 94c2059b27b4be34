/**
 * Classes that break {@link com.ecleaner.chat.bootstrap.ArchitectureRules}, one rule each, and a
 * few that keep them all.
 *
 * <p>Laid out like the chat itself, below a root of its own. Nothing here runs.
 */
package com.ecleaner.chat.archfixture;
