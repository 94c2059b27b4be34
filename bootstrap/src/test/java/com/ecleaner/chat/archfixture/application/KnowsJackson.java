package com.ecleaner.chat.archfixture.application;

import com.fasterxml.jackson.databind.JsonNode;

/** Wrong: a framework type in the application. */
public record KnowsJackson(JsonNode json) {}
