/**
 * How much of a thing may be under way at once in this process. Rates over time are not counted
 * here: they are the port {@link com.ecleaner.chat.domain.port.RateLimits}.
 */
package com.ecleaner.chat.application.limits;
