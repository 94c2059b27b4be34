package com.ecleaner.chat.archfixture.rest;

import jakarta.inject.Inject;

/** Wrong: what a class needs comes in through its constructor. */
public class InjectsAField {

    @Inject RestAdapter adapter;
}
