package com.ecleaner.chat.persistence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.ecleaner.chat.domain.given.Given;
import com.ecleaner.chat.domain.given.Talk;
import com.zaxxer.hikari.HikariDataSource;

import org.hibernate.SessionFactory;
import org.hibernate.cfg.JdbcSettings;
import org.hibernate.cfg.SchemaToolingSettings;
import org.hibernate.jpa.HibernatePersistenceConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables as Flyway makes them, and what they do not take. */
class SchemaTest {
    @Test
    void hibernate_finds_its_rows_in_the_tables_that_the_migrations_made() {
        Database.Settings settings = TestServer.fresh();
        try (HikariDataSource source = new HikariDataSource()) {
            source.setJdbcUrl(settings.url());
            source.setUsername(settings.user());
            source.setPassword(settings.password());
            assertThatCode(
                            () -> {
                                try (SessionFactory sessions =
                                        new HibernatePersistenceConfiguration("chat")
                                                .managedClasses(Rows.ALL)
                                                .property(
                                                        JdbcSettings.JAKARTA_NON_JTA_DATASOURCE,
                                                        source)
                                                .property(
                                                        SchemaToolingSettings
                                                                .JAKARTA_HBM2DDL_DATABASE_ACTION,
                                                        "validate")
                                                .createEntityManagerFactory()) {
                                    assertThat(sessions.getMetamodel().getEntities())
                                            .hasSize(Rows.ALL.length);
                                }
                            })
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void hibernate_would_notice_a_column_that_is_missing() {
        Database.Settings settings = TestServer.fresh();
        TestServer.execute(settings, "alter table chat_user drop column named");
        try (HikariDataSource source = new HikariDataSource()) {
            source.setJdbcUrl(settings.url());
            source.setUsername(settings.user());
            source.setPassword(settings.password());
            HibernatePersistenceConfiguration validating =
                    new HibernatePersistenceConfiguration("chat")
                            .managedClasses(Rows.ALL)
                            .property(JdbcSettings.JAKARTA_NON_JTA_DATASOURCE, source)
                            .property(
                                    SchemaToolingSettings.JAKARTA_HBM2DDL_DATABASE_ACTION,
                                    "validate");
            assertThatThrownBy(validating::createEntityManagerFactory)
                    .hasStackTraceContaining("named");
        }
    }

    @Test
    void migrating_again_finds_nothing_to_do() {
        assertThat(Database.migrate(TestServer.fresh())).isZero();
    }

    @Test
    void a_database_that_was_not_migrated_is_not_opened() {
        Database.Settings settings = TestServer.empty(PostgresRoomLog.Settings.DEFAULT);

        assertThatThrownBy(() -> Database.open(settings)).hasMessageContaining("not applied");
    }

    @Test
    void what_every_message_moves_is_in_no_index_so_that_rows_are_updated_within_their_page() {
        try (Store store = Store.fresh()) {
            assertThat(
                            store.ask(
                                    "select a.attname from pg_index i join pg_attribute a"
                                            + " on a.attrelid = i.indrelid"
                                            + " and a.attnum = any(i.indkey)"
                                            + " where i.indrelid = 'room'::regclass and a.attname"
                                            + " in ('updated_at', 'version', 'last_seq')"
                                            + " or i.indrelid = 'participant'::regclass"
                                            + " and a.attname = 'skipped'"))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "insert into room (room_type, created_at, updated_at, is_active, version,"
                        + " state_version, last_seq, participant_count)"
                        + " values ('job', now(), now(), true, 1, 1, 0, 0)",
                "update room set last_seq = version + 1",
                "update participant set skipped = -1",
                "update message set deleted_at = now()",
                "update message set content = repeat('x', 4001)",
                "update message set message_type = 'shout'",
                "insert into message select id + 1, room_id, seq, version, sender_id, 'other',"
                        + " message_type, content, reply_to, attachment_id, data, created_at,"
                        + " edited_at, deleted_at from message",
                "insert into message select id + 1, room_id, seq + 1, version + 1, sender_id,"
                        + " client_id, message_type, content, reply_to, attachment_id, data,"
                        + " created_at, edited_at, deleted_at from message",
                "update job set cleaner_id = client_id",
                "insert into chat_user (id, username, erased_at) values ('gone', 'anna', now())",
                "insert into message_edit values (999999, 1, 'x', now())"
            })
    void the_tables_refuse_what_the_log_never_writes(String statement) {
        try (Store store = Store.fresh()) {
            Given given = new Given(store.ports());
            Talk talk = given.job("5").client(given.client("anna")).booked();
            talk.say(given.client("anna"), "Hello", "c-1");

            assertThatThrownBy(() -> store.execute(statement))
                    .hasStackTraceContaining("constraint");
        }
    }
}
