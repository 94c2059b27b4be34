package com.ecleaner.chat.domain.view;

import com.ecleaner.chat.domain.room.Participant;
import com.ecleaner.chat.domain.user.Person;

/** A participant with their names. */
public record Member(Person person, Participant participant) {}
