package com.ecleaner.chat.torture;

import com.ecleaner.chat.torture.Fact.Way;
import com.ecleaner.chat.torture.Violation.Kind;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Holds what happened against what is promised, and tells the shortest story of whatever does not
 * fit. Knows nothing of the chat but its contract, and shares no code with its clients. One use.
 */
final class Checker {
    private final List<Fact> history;
    private final Outcome end;
    private final List<Violation> violations = new ArrayList<>();

    private record Place(long room, long seq) {}

    private record Name(String sender, String clientId) {}

    private record Line(String device, int connection, long room) {}

    private record Held(String device, long room) {}

    private Checker(List<Fact> history, Outcome end) {
        this.history = history.stream().sorted(Comparator.comparingLong(Fact::at)).toList();
        this.end = end;
    }

    /**
     * Every broken promise.
     *
     * @param history all facts, in any order
     */
    static List<Violation> check(List<Fact> history, Outcome end) {
        Checker checker = new Checker(history, end);
        checker.whatIsKept();
        checker.whatWasAcknowledged();
        checker.whatWasTold();
        checker.inWhichOrder();
        checker.whetherAnythingWentBack();
        checker.whoWasOut();
        checker.whetherAllIsLevel();
        checker.whatIsUnread();
        return List.copyOf(checker.violations);
    }

    private void broken(Kind kind, String what, List<Fact> story) {
        violations.add(new Violation(kind, what, story));
    }

    /** The facts that fit, in order, with what was broken or repaired just before the last. */
    private List<Fact> story(Predicate<Fact> fits) {
        List<Fact> told = new ArrayList<>(history.stream().filter(fits).toList());
        if (!told.isEmpty()) {
            long last = told.getLast().at();
            history.stream()
                    .filter(fact -> fact instanceof Fact.Broke && fact.at() <= last)
                    .reduce((earlier, later) -> later)
                    .ifPresent(told::add);
            told.sort(Comparator.comparingLong(Fact::at));
        }
        return told;
    }

    private List<Fact> storyOf(String clientId) {
        return story(
                fact ->
                        switch (fact) {
                            case Fact.Said said -> said.clientId().equals(clientId);
                            case Fact.Acknowledged a -> a.clientId().equals(clientId);
                            case Fact.Rewrote r -> r.clientId().equals(clientId);
                            default -> false;
                        });
    }

    // --- G1, G2: what is kept

    private void whatIsKept() {
        Map<String, Set<String>> contents = new HashMap<>();
        Map<String, String> senders = new HashMap<>();
        Set<String> deleted = new HashSet<>();
        for (Fact fact : history) {
            switch (fact) {
                case Fact.Said said -> {
                    senders.put(said.clientId(), said.user());
                    contents.computeIfAbsent(said.clientId(), n -> new HashSet<>())
                            .add(said.content());
                }
                case Fact.Rewrote rewrote when rewrote.content().isEmpty() ->
                        deleted.add(rewrote.clientId());
                case Fact.Rewrote rewrote ->
                        contents.computeIfAbsent(rewrote.clientId(), n -> new HashSet<>())
                                .add(rewrote.content());
                default -> {}
            }
        }
        end.log().forEach((room, log) -> keptIn(room, log, contents, senders, deleted));
    }

    private void keptIn(
            long room,
            List<Outcome.Kept> log,
            Map<String, Set<String>> contents,
            Map<String, String> senders,
            Set<String> deleted) {
        Map<Name, Long> seen = new HashMap<>();
        long expected = 1;
        for (Outcome.Kept message : log) {
            if (message.seq() != expected) {
                broken(
                        Kind.HOLE,
                        "room "
                                + room
                                + " is kept with number "
                                + message.seq()
                                + " after "
                                + (expected - 1),
                        List.of());
            }
            expected = message.seq() + 1;
            Name name = new Name(message.sender(), message.clientId());
            Set<String> said = contents.getOrDefault(message.clientId(), Set.of());
            if (!message.sender().equals(senders.get(message.clientId()))) {
                broken(Kind.PHANTOM, "nobody said " + message + " in room " + room, List.of());
            } else if (!message.deleted() && !said.contains(message.content())) {
                broken(
                        Kind.PHANTOM,
                        "nobody ever said that: " + message,
                        storyOf(message.clientId()));
            } else if (message.deleted() && !deleted.contains(message.clientId())) {
                broken(
                        Kind.LOST,
                        "nobody deleted " + message.clientId(),
                        storyOf(message.clientId()));
            }
            Long before = seen.put(name, message.seq());
            if (before != null) {
                broken(
                        Kind.DUPLICATE,
                        message.clientId() + " is kept as " + before + " and as " + message.seq(),
                        storyOf(message.clientId()));
            }
        }
    }

    private Map<Place, Outcome.Kept> kept() {
        Map<Place, Outcome.Kept> kept = new HashMap<>();
        end.log().forEach((room, log) -> log.forEach(m -> kept.put(new Place(room, m.seq()), m)));
        return kept;
    }

    private void whatWasAcknowledged() {
        Map<Place, Outcome.Kept> kept = kept();
        Map<String, Long> numbers = new HashMap<>();
        for (Fact fact : history) {
            if (fact instanceof Fact.Acknowledged a) {
                Outcome.Kept message = kept.get(new Place(a.room(), a.seq()));
                if (message == null || message.id() != a.id()) {
                    broken(
                            Kind.LOST,
                            a.clientId()
                                    + " was acknowledged as "
                                    + a.seq()
                                    + " and is not kept so",
                            storyOf(a.clientId()));
                }
                Long other = numbers.putIfAbsent(a.clientId(), a.seq());
                if (other != null && other != a.seq()) {
                    broken(
                            Kind.DUPLICATE,
                            a.clientId() + " was acknowledged as " + other + " and as " + a.seq(),
                            storyOf(a.clientId()));
                }
            }
        }
    }

    private void whatWasTold() {
        Map<Place, Outcome.Kept> kept = kept();
        Set<String> said = new HashSet<>();
        history.forEach(
                fact -> {
                    if (fact instanceof Fact.Said s) {
                        said.add(s.clientId());
                    }
                });
        Map<Place, Fact.Told> first = new HashMap<>();
        for (Fact fact : history) {
            if (fact instanceof Fact.Told told) {
                Place place = new Place(told.room(), told.seq());
                Outcome.Kept message = kept.get(place);
                Fact.Told other = first.putIfAbsent(place, told);
                if (!said.contains(told.clientId())) {
                    broken(Kind.PHANTOM, "nobody said " + told.clientId(), List.of(told));
                } else if (other != null && other.id() != told.id()) {
                    broken(
                            Kind.ORDER,
                            "number " + told.seq() + " of room " + told.room() + " is two messages",
                            List.of(other, told));
                } else if (message == null || message.id() != told.id()) {
                    broken(
                            Kind.LOST,
                            told.clientId() + " was told as " + told.seq() + " and is gone",
                            story(f -> f.equals(told) || isSaid(f, told.clientId())));
                }
            }
        }
    }

    private static boolean isSaid(Fact fact, String clientId) {
        return fact instanceof Fact.Said said && said.clientId().equals(clientId);
    }

    // --- G3: in which order

    private void inWhichOrder() {
        Map<Held, Long> highest = new HashMap<>();
        Map<Held, Map<Long, Long>> ahead = new HashMap<>();
        for (Fact fact : history) {
            switch (fact) {
                case Fact.Began began -> {
                    Held held = new Held(began.device(), began.room());
                    highest.merge(held, began.seq(), Math::max);
                }
                case Fact.Told told -> ordered(told, highest, ahead);
                default -> {}
            }
        }
    }

    private void ordered(
            Fact.Told told, Map<Held, Long> highest, Map<Held, Map<Long, Long>> ahead) {
        Held held = new Held(told.device(), told.room());
        long before = highest.getOrDefault(held, 0L);
        if (told.way() == Way.HISTORY) {
            // A page may begin beyond what is held; what connects counts.
            Map<Long, Long> pages = ahead.computeIfAbsent(held, h -> new TreeMap<>());
            pages.put(told.seq(), told.id());
            while (pages.remove(before + 1) != null) {
                before++;
            }
            highest.put(held, before);
        } else if (told.seq() == before + 1) {
            highest.put(held, told.seq());
        } else if (told.way() == Way.LIVE && told.seq() > before + 1) {
            broken(
                    Kind.HOLE,
                    told.device()
                            + " was told "
                            + told.seq()
                            + " of room "
                            + told.room()
                            + " and had come to "
                            + before,
                    around(told, before));
            highest.put(held, told.seq());
        } else if (told.way() == Way.LIVE) {
            broken(
                    Kind.ORDER,
                    told.device()
                            + " was told "
                            + told.seq()
                            + " of room "
                            + told.room()
                            + " after "
                            + before,
                    around(told, before));
        }
    }

    /** The device's last connection, what it was told last, and this. */
    private List<Fact> around(Fact.Told told, long before) {
        return story(
                fact ->
                        fact.equals(told)
                                || (fact instanceof Fact.Told t
                                        && t.device().equals(told.device())
                                        && t.room() == told.room()
                                        && t.at() <= told.at()
                                        && (t.seq() == before || t.seq() == told.seq()))
                                || (fact instanceof Fact.Connected c
                                        && c.device().equals(told.device())
                                        && c.connection() == told.connection()));
    }

    private void whetherAnythingWentBack() {
        Map<Line, Fact.Reached> versions = new HashMap<>();
        Map<Held, Fact.Marked> marks = new HashMap<>();
        for (Fact fact : history) {
            if (fact instanceof Fact.Reached reached) {
                Line line = new Line(reached.device(), reached.connection(), reached.room());
                Fact.Reached before = versions.put(line, reached);
                if (before != null && before.version() > reached.version()) {
                    broken(
                            Kind.WENT_BACK,
                            "room " + reached.room() + " went back on " + reached.device(),
                            List.of(before, reached));
                }
            } else if (fact instanceof Fact.Marked marked) {
                Fact.Marked before = marks.put(new Held(marked.device(), marked.room()), marked);
                if (before != null && before.upTo() > marked.upTo()) {
                    broken(
                            Kind.WENT_BACK,
                            "the mark of " + marked.device() + " went back in " + marked.room(),
                            List.of(before, marked));
                }
            }
        }
    }

    // --- G5: nobody else

    /** From when to when a user was out of a room. */
    private record Absence(String user, long room, Fact.Out since, long until) {}

    private void whoWasOut() {
        Map<String, Fact.Said> firstSaid = new HashMap<>();
        for (Fact fact : history) {
            if (fact instanceof Fact.Said said) {
                firstSaid.putIfAbsent(said.clientId(), said);
            }
        }
        List<Absence> absences = absences();
        for (Fact fact : history) {
            if (fact instanceof Fact.Told told) {
                Fact.Said said = firstSaid.get(told.clientId());
                absences.stream()
                        .filter(a -> a.user().equals(told.user()) && a.room() == told.room())
                        .filter(a -> said != null && said.at() > a.since().at())
                        .filter(a -> told.at() < a.until())
                        .findFirst()
                        .ifPresent(
                                a ->
                                        broken(
                                                Kind.AFTER_LOSS,
                                                told.user()
                                                        + " was told "
                                                        + told.clientId()
                                                        + ", written after they were out",
                                                List.of(
                                                        a.since(),
                                                        Objects.requireNonNull(said),
                                                        told)));
            }
        }
    }

    private List<Absence> absences() {
        List<Absence> absences = new ArrayList<>();
        Map<Held, Fact.Out> out = new HashMap<>();
        for (Fact fact : history) {
            if (fact instanceof Fact.Out o) {
                out.putIfAbsent(new Held(o.user(), o.room()), o);
            } else if (fact instanceof Fact.ComesIn in) {
                Optional.ofNullable(out.remove(new Held(in.user(), in.room())))
                        .ifPresent(o -> absences.add(new Absence(o.user(), o.room(), o, in.at())));
            }
        }
        out.values().forEach(o -> absences.add(new Absence(o.user(), o.room(), o, Long.MAX_VALUE)));
        return absences;
    }

    // --- G4, G6: in the end

    private void whetherAllIsLevel() {
        for (Outcome.Copy copy : end.copies()) {
            List<Outcome.Kept> log = end.log().getOrDefault(copy.room(), List.of());
            List<Outcome.Kept> expected = log.stream().filter(m -> m.seq() > copy.from()).toList();
            if (!copy.messages().equals(expected)) {
                Outcome.Kept odd = firstOdd(copy.messages(), expected);
                broken(
                        Kind.NOT_LEVEL,
                        copy.device()
                                + " holds "
                                + copy.messages().size()
                                + " messages of room "
                                + copy.room()
                                + ", kept are "
                                + expected.size()
                                + "; see "
                                + odd,
                        story(
                                fact ->
                                        (fact instanceof Fact.Told t
                                                        && t.device().equals(copy.device())
                                                        && t.room() == copy.room()
                                                        && t.seq() == odd.seq())
                                                || (fact instanceof Fact.Rewrote r
                                                        && r.clientId().equals(odd.clientId()))));
            }
        }
    }

    private static Outcome.Kept firstOdd(List<Outcome.Kept> held, List<Outcome.Kept> expected) {
        for (int i = 0; i < Math.max(held.size(), expected.size()); i++) {
            if (i >= held.size()) {
                return expected.get(i);
            }
            if (i >= expected.size() || !held.get(i).equals(expected.get(i))) {
                return held.get(i);
            }
        }
        throw new IllegalStateException("nothing is odd");
    }

    private long unread(String user, long room, long mark) {
        return end.log().getOrDefault(room, List.of()).stream()
                .filter(m -> m.seq() > mark && !m.deleted() && !m.sender().equals(user))
                .count();
    }

    private void whatIsUnread() {
        Map<Held, Long> marks = new HashMap<>();
        for (Outcome.Count count : end.counts()) {
            long recounted = unread(count.user(), count.room(), count.mark());
            if (count.unread() != recounted) {
                broken(
                        Kind.UNREAD,
                        count.place()
                                + " says "
                                + count.unread()
                                + " are unread for "
                                + count.user()
                                + " in room "
                                + count.room()
                                + " above "
                                + count.mark()
                                + ", it is "
                                + recounted,
                        List.of());
            }
            Long other = marks.putIfAbsent(new Held(count.user(), count.room()), count.mark());
            if (other != null && other != count.mark()) {
                broken(
                        Kind.UNREAD,
                        "the mark of "
                                + count.user()
                                + " in room "
                                + count.room()
                                + " is "
                                + other
                                + " and, says "
                                + count.place()
                                + ", "
                                + count.mark(),
                        List.of());
            }
        }
        for (Outcome.Copy copy : end.copies()) {
            Long mark = marks.get(new Held(copy.user(), copy.room()));
            if (mark != null && mark != copy.mark()) {
                broken(
                        Kind.UNREAD,
                        copy.device()
                                + " believes its mark in room "
                                + copy.room()
                                + " is "
                                + copy.mark()
                                + ", it is "
                                + mark,
                        List.of());
            }
        }
        for (Outcome.Total total : end.totals()) {
            long recounted =
                    total.marks().entrySet().stream()
                            .mapToLong(e -> unread(total.user(), e.getKey(), e.getValue()))
                            .sum();
            if (total.unread().isPresent() && total.unread().getAsLong() != recounted) {
                broken(
                        Kind.UNREAD,
                        total.device()
                                + " was told that "
                                + total.unread().getAsLong()
                                + " are unread, it is "
                                + recounted,
                        List.of());
            }
        }
    }
}
