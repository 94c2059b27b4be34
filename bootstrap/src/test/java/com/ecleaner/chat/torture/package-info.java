/**
 * Three real nodes over a real PostgreSQL and a real Redis, people who never stop talking, a
 * nemesis that breaks one thing after another, and a checker that holds what everybody was told
 * against what is promised. Run it with {@code ./chat torture}.
 */
package com.ecleaner.chat.torture;
