package com.ecleaner.chat.archfixture.application;

import com.ecleaner.chat.archfixture.rest.RestAdapter;

/** Wrong: the application knows the domain alone. */
public record KnowsAnAdapter(RestAdapter adapter) {}
