package com.ecleaner.chat.application.memory;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.message.Message;
import com.ecleaner.chat.domain.port.Search;
import com.ecleaner.chat.domain.search.Terms;
import com.ecleaner.chat.domain.user.Actor;
import com.ecleaner.chat.domain.view.SearchCursor;
import com.ecleaner.chat.domain.view.SearchPage;
import com.ecleaner.chat.domain.view.SearchScope;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Searching in memory: every message in the scope is looked at, each time. */
final class InMemorySearch implements Search {
    private final Memory memory;

    InMemorySearch(Memory memory) {
        this.memory = memory;
    }

    @Override
    public SearchPage find(
            Actor asker, SearchScope scope, Terms terms, Optional<SearchCursor> after, int limit) {
        TreeMap<SearchCursor, Message> found = new TreeMap<>();
        switch (scope) {
            case SearchScope.EveryRoom every ->
                    memory.rooms().forEach(room -> found.putAll(room.read(r -> r.find(terms))));
            case SearchScope.OwnRooms own ->
                    memory.roomsWith(asker.id())
                            .forEach(room -> found.putAll(room.read(r -> own(r, asker, terms))));
            case SearchScope.OneRoom one -> {
                Optional<RoomMemory> room = memory.find(one.room());
                if (room.isEmpty()) {
                    one.admission().admit(Optional.empty());
                    throw Refusal.notFound("room");
                }
                found.putAll(
                        room.get()
                                .read(
                                        r -> {
                                            one.admission().admit(Optional.of(r.seat(asker.id())));
                                            return r.find(terms);
                                        }));
            }
        }
        Map<SearchCursor, Message> rest =
                after.isPresent() ? found.tailMap(after.get(), false) : found;
        List<SearchCursor> page = new ArrayList<>();
        rest.keySet().stream().limit(limit).forEach(page::add);
        return new SearchPage(
                page.stream().map(rest::get).toList(),
                rest.size() > limit ? Optional.of(page.getLast()) : Optional.empty());
    }

    private static Map<SearchCursor, Message> own(RoomMemory room, Actor asker, Terms terms) {
        return room.seat(asker.id()).membership().counts(asker.role())
                ? room.find(terms)
                : Map.of();
    }
}
