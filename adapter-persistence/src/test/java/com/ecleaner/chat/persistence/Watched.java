package com.ecleaner.chat.persistence;

import net.ttddyy.dsproxy.ExecutionInfo;
import net.ttddyy.dsproxy.QueryInfo;
import net.ttddyy.dsproxy.listener.MethodExecutionContext;
import net.ttddyy.dsproxy.listener.MethodExecutionListener;
import net.ttddyy.dsproxy.listener.QueryExecutionListener;
import net.ttddyy.dsproxy.support.ProxyDataSourceBuilder;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.sql.DataSource;

/** Sees what goes to the database. Thread-safe. */
final class Watched {
    private final List<String> journeys = new CopyOnWriteArrayList<>();
    private final List<String> ends = new CopyOnWriteArrayList<>();

    DataSource watch(DataSource source) {
        return ProxyDataSourceBuilder.create(source)
                .listener(new Queries())
                .methodListener(new Ends())
                .build();
    }

    void clear() {
        journeys.clear();
        ends.clear();
    }

    /** What was sent at once, each as one text; several statements are divided by {@code ;}. */
    List<String> journeys() {
        return List.copyOf(journeys);
    }

    /** The single statements. */
    List<String> statements() {
        List<String> statements = new ArrayList<>();
        journeys.forEach(journey -> statements.addAll(List.of(journey.split(";\n"))));
        return statements;
    }

    long commits() {
        return ends.stream().filter("commit"::equals).count();
    }

    long rollbacks() {
        return ends.stream().filter("rollback"::equals).count();
    }

    private final class Queries implements QueryExecutionListener {
        @Override
        public void beforeQuery(ExecutionInfo execution, List<QueryInfo> queries) {}

        @Override
        public void afterQuery(ExecutionInfo execution, List<QueryInfo> queries) {
            queries.forEach(query -> journeys.add(query.getQuery()));
        }
    }

    private final class Ends implements MethodExecutionListener {
        @Override
        public void beforeMethod(MethodExecutionContext context) {}

        @Override
        public void afterMethod(MethodExecutionContext context) {
            String name = context.getMethod().getName();
            if (name.equals("commit") || name.equals("rollback")) {
                ends.add(name);
            }
        }
    }
}
