package com.ecleaner.chat.archfixture.persistence;

import java.util.logging.Logger;

/** Wrong: java.util.logging. */
public record Logs(Logger logger) {}
