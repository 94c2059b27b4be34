package com.ecleaner.chat.domain.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.ecleaner.chat.domain.Text;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileNameTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stain.jpg|stain.jpg",
                "Żółć 🧽.pdf|Żółć 🧽.pdf",
                "../../etc/passwd|passwd",
                "/etc/passwd|passwd",
                "C:\\Users\\anna\\key.txt|key.txt",
                "..\\..\\boot.ini|boot.ini",
                "a/b\\c/d.png|d.png",
                ".htaccess|htaccess",
                "...|file",
                "''|file",
                "/|file",
                "' . '|file",
                "report.pdf. .|report.pdf",
                "a\u0000b.jpg\u0000.exe|ab.jpg.exe",
                "photo\u202Egpj.exe|photogpj.exe",
                "zero\u200Bwidth\uFEFF.txt|zerowidth.txt",
                "a\uD800b.txt|ab.txt",
                "a\"b<c>d?e*f|a b c d e f",
                "con\u00a0tract.pdf|con tract.pdf",
            })
    void a_name_loses_its_path_and_whatever_could_harm(String uploaders, String kept) {
        assertThat(FileName.of(uploaders).value()).isEqualTo(kept);
    }

    @Test
    void a_name_is_one_line() {
        assertThat(FileName.of("a\r\nSet-Cookie: x=1.txt").value())
                .isEqualTo("aSet-Cookie  x=1.txt");
    }

    @Test
    void a_long_name_is_cut_before_its_ending() {
        String name = FileName.of("🧽".repeat(5_000) + ".jpeg").value();

        assertThat(Text.length(name)).isEqualTo(FileName.MAX);
        assertThat(name).endsWith("🧽.jpeg");
        assertThat(FileName.of("a." + "b".repeat(5_000)).value()).hasSize(FileName.MAX);
    }

    @ParameterizedTest
    @CsvSource({
        "stain.jpg,image/jpeg,stain.jpg",
        "stain.JPEG,image/jpeg,stain.JPEG",
        "page.html,image/jpeg,page.html.jpg",
        "stain,image/gif,stain.gif",
        "photo.webp,image/png,photo.png",
        "photo.jpg,image/png,photo.png",
        "photo.jpg.exe,image/png,photo.jpg.exe.png",
        "photo.jpg.exe,application/octet-stream,photo.jpg.exe",
        "photo.jpg,application/pdf,photo.jpg"
    })
    void a_picture_gets_an_ending_that_fits(String name, String type, String kept) {
        assertThat(FileName.of(name).fitting(type).value()).isEqualTo(kept);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "../../etc/passwd", "a\u202E\u0000\uDC00b", "🧽.png", "...x..."})
    void what_came_out_of_it_stays_as_it_is(String uploaders) {
        String once = FileName.of(uploaders).value();

        assertThat(FileName.of(once).value()).isEqualTo(once);
    }
}
