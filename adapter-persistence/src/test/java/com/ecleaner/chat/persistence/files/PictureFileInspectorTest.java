package com.ecleaner.chat.persistence.files;

import static com.ecleaner.chat.domain.given.Photos.chunk;
import static com.ecleaner.chat.domain.given.Photos.decoded;
import static com.ecleaner.chat.domain.given.Photos.deflated;
import static com.ecleaner.chat.domain.given.Photos.encoded;
import static com.ecleaner.chat.domain.given.Photos.joined;
import static com.ecleaner.chat.domain.given.Photos.pngWith;
import static com.ecleaner.chat.domain.given.Photos.quarters;
import static com.ecleaner.chat.domain.given.Photos.seen;
import static com.ecleaner.chat.domain.given.Photos.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.ecleaner.chat.domain.Refusal;
import com.ecleaner.chat.domain.given.Photos;
import com.ecleaner.chat.domain.given.Refused;
import com.ecleaner.chat.domain.port.FileInspector;
import com.ecleaner.chat.domain.port.FileInspectorContract;
import com.ecleaner.chat.domain.port.FileStore;
import com.sun.management.ThreadMXBean;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.ImageOutputStream;

class PictureFileInspectorTest extends FileInspectorContract {
    private static final int MB = 1 << 20;

    @TempDir private Path folder;
    private PictureFileInspector inspector;

    @BeforeEach
    void open() {
        inspector = PictureFileInspector.open(folder.resolve("incoming"));
    }

    @Override
    protected FileInspector inspector() {
        return inspector;
    }

    @AfterEach
    void nothing_is_left_on_disk() throws IOException {
        inspector.close();
        assertThat(left()).isEmpty();
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> all = Files.list(folder.resolve("incoming"))) {
            return all.toList();
        }
    }

    /** What is kept of an upload, read before it is closed. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Kept(String contentType, byte[] bytes, int width, int height, byte[] thumbnail) {
        boolean isPicture() {
            return width > 0;
        }
    }

    private Kept kept(byte[] upload) {
        try (FileInspector.Arrived arrived =
                inspector.receive(new ByteArrayInputStream(upload), 20 * MB)) {
            assertThat(arrived.size()).isEqualTo(upload.length);
            FileInspector.Inspected inspected = arrived.inspect();
            return new Kept(
                    inspected.contentType(),
                    bytes(inspected.content()),
                    inspected.width().orElse(0),
                    inspected.height().orElse(0),
                    inspected.thumbnail().map(PictureFileInspectorTest::bytes).orElse(new byte[0]));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(FileStore.Content content) {
        try (InputStream in = content.from(0)) {
            byte[] all = in.readAllBytes();
            assertThat(content.size()).isEqualTo(all.length);
            return all;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void refused(byte[] upload) {
        Refused.invalid("file", () -> kept(upload));
    }

    private static byte[] zip(int zeros) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("../../zeros"));
            byte[] piece = new byte[MB];
            for (int i = 0; i < zeros; i++) {
                zip.write(piece);
            }
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toByteArray();
    }

    // --- photos

    @Test
    void a_photo_no_longer_says_where_it_was_taken_nor_with_what() {
        byte[] photo = Photos.photo(640, 480, 1);
        assertThat(text(photo)).contains(Photos.SECRET, text(Photos.LATITUDE));

        Kept kept = kept(photo);

        assertThat(kept.contentType()).isEqualTo("image/jpeg");
        for (byte[] bytes : List.of(kept.bytes(), kept.thumbnail())) {
            assertThat(text(bytes))
                    .doesNotContain(Photos.SECRET, text(Photos.LATITUDE), "Exif", "xmp", "adobe");
            assertThat(seen(decoded(bytes))).isEqualTo("RGBY");
        }
    }

    /** EXIF 2.3, orientation: where the first row and the first column of what is stored are. */
    @ParameterizedTest
    @CsvSource({
        "1, RGBY, 64, 32",
        "2, GRYB, 64, 32",
        "3, YBGR, 64, 32",
        "4, BYRG, 64, 32",
        "5, RBGY, 32, 64",
        "6, BRYG, 32, 64",
        "7, YGBR, 32, 64",
        "8, GYRB, 32, 64",
        "0, RGBY, 64, 32",
        "9, RGBY, 64, 32"
    })
    void a_photo_stands_upright_however_the_phone_was_held(
            int orientation, String quarters, int width, int height) {
        Kept kept = kept(Photos.photo(64, 32, orientation));

        assertThat(seen(decoded(kept.bytes()))).isEqualTo(quarters);
        assertThat(seen(decoded(kept.thumbnail()))).isEqualTo(quarters);
        assertThat(kept.width()).isEqualTo(width).isEqualTo(decoded(kept.bytes()).getWidth());
        assertThat(kept.height()).isEqualTo(height).isEqualTo(decoded(kept.bytes()).getHeight());
    }

    @Test
    void a_large_picture_has_a_small_version_of_the_same_shape() {
        Kept kept = kept(Photos.jpeg(1_600, 1_200));

        BufferedImage small = decoded(kept.thumbnail());
        assertThat(kept.width()).isEqualTo(1_600);
        assertThat(small.getWidth()).isEqualTo(480);
        assertThat(small.getHeight()).isEqualTo(360);
        assertThat(kept.thumbnail()).hasSizeLessThan(kept.bytes().length);
    }

    @Test
    void the_thinnest_picture_has_a_small_version_too() {
        Kept kept = kept(Photos.jpeg(2_000, 1));

        assertThat(decoded(kept.thumbnail()).getWidth()).isEqualTo(480);
        assertThat(decoded(kept.thumbnail()).getHeight()).isEqualTo(1);
    }

    @Test
    void a_picture_of_many_megapixels_is_drawn_coarser() {
        byte[] large =
                encoded(new BufferedImage(7_000, 7_000, BufferedImage.TYPE_BYTE_GRAY), "jpeg");

        Kept kept = kept(large);

        assertThat(kept.width()).isEqualTo(kept.height()).isBetween(1_750, 3_500);
    }

    @Test
    void a_photo_whose_description_is_broken_is_a_photo_still() {
        byte[] plain = Photos.jpeg(64, 32);
        byte[] broken =
                joined(
                        Arrays.copyOf(plain, 2),
                        Photos.segment(
                                0xe1, "Exif\0\0MM\0*\u00ff\u00ff\u00ff\u00ff".getBytes(ISO_8859_1)),
                        Arrays.copyOfRange(plain, 2, plain.length));

        assertThat(seen(decoded(kept(broken).bytes()))).isEqualTo("RGBY");
    }

    // --- other pictures

    @Test
    void a_png_stays_a_png_without_its_texts() {
        byte[] png =
                pngWith(
                        Photos.png(64, 48),
                        chunk("tEXt", ("Comment\0" + Photos.SECRET).getBytes(ISO_8859_1)),
                        chunk("eXIf", Photos.exif(6)));

        Kept kept = kept(png);

        assertThat(kept.contentType()).isEqualTo("image/png");
        assertThat(text(kept.bytes())).doesNotContain(Photos.SECRET, "eXIf", "tEXt");
        assertThat(seen(decoded(kept.bytes()))).isEqualTo("RGBY");
    }

    @Test
    void what_one_sees_through_stays_so() {
        BufferedImage logo = quarters(64, 48, BufferedImage.TYPE_INT_ARGB);
        for (int x = 32; x < 64; x++) {
            for (int y = 24; y < 48; y++) {
                logo.setRGB(x, y, 0);
            }
        }

        Kept kept = kept(encoded(logo, "png"));

        assertThat(seen(decoded(kept.bytes()))).isEqualTo("RGB-");
        assertThat(seen(decoded(kept.thumbnail()))).isEqualTo("RGB-");
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                BufferedImage.TYPE_BYTE_GRAY,
                BufferedImage.TYPE_USHORT_GRAY,
                BufferedImage.TYPE_BYTE_BINARY,
                BufferedImage.TYPE_BYTE_INDEXED
            })
    void a_png_of_any_depth_is_read(int imageType) {
        Kept kept = kept(encoded(quarters(64, 48, imageType), "png"));

        assertThat(kept.contentType()).isEqualTo("image/png");
        assertThat(kept.width()).isEqualTo(64);
    }

    @Test
    void a_webp_comes_out_as_a_picture_that_everybody_can_show() {
        Kept lossy = kept(Photos.webp(false, new byte[0]));
        Kept seeThrough = kept(Photos.webp(true, new byte[0]));

        assertThat(lossy.contentType()).isEqualTo("image/jpeg");
        assertThat(seen(decoded(lossy.bytes()))).isEqualTo("RGBY");
        assertThat(seeThrough.contentType()).isEqualTo("image/png");
        assertThat(seen(decoded(seeThrough.bytes()))).isEqualTo("RGB-");
    }

    @Test
    void a_webp_that_was_taken_by_a_phone_is_upright_and_says_no_place() {
        Kept kept = kept(Photos.webp(false, Photos.exif(6)));

        assertThat(seen(decoded(kept.bytes()))).isEqualTo("BRYG");
        assertThat(text(kept.bytes())).doesNotContain(Photos.SECRET, text(Photos.LATITUDE));
    }

    @Test
    void a_gif_goes_on_moving_and_says_nothing_else() throws IOException {
        byte[] gif = joined(moving(3, Photos.SECRET), "<script>alert(1)</script>".getBytes(UTF_8));
        assertThat(text(gif)).contains(Photos.SECRET);

        Kept kept = kept(gif);

        assertThat(kept.contentType()).isEqualTo("image/gif");
        assertThat(text(kept.bytes())).doesNotContain(Photos.SECRET, "script").contains("NETSCAPE");
        assertThat(seen(decoded(kept.bytes()))).isEqualTo("RGBY");
        assertThat(seen(decoded(kept.thumbnail()))).isEqualTo("RGBY");
        assertThat(kept.width()).isEqualTo(64);
        ImageReader reader = PictureKind.GIF.reader();
        try (ImageInputStream in =
                ImageIO.createImageInputStream(new ByteArrayInputStream(kept.bytes()))) {
            reader.setInput(in);
            assertThat(reader.getNumImages(true)).isEqualTo(3);
            for (int i = 0; i < 3; i++) {
                assertThat(seen(reader.read(i))).isEqualTo("RGBY");
                IIOMetadataNode said =
                        (IIOMetadataNode)
                                reader.getImageMetadata(i).getAsTree("javax_imageio_gif_image_1.0");
                assertThat(
                                ((IIOMetadataNode)
                                                said.getElementsByTagName("GraphicControlExtension")
                                                        .item(0))
                                        .getAttribute("delayTime"))
                        .isEqualTo(Integer.toString(10 + i));
            }
        }
    }

    @Test
    void a_gif_that_stands_still_is_a_gif() {
        byte[] gif = encoded(quarters(64, 48, BufferedImage.TYPE_BYTE_INDEXED), "gif");

        Kept kept = kept(gif);

        assertThat(kept.contentType()).isEqualTo("image/gif");
        assertThat(seen(decoded(kept.bytes()))).isEqualTo("RGBY");
    }

    private static byte[] moving(int frames, String comment) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.prepareWriteSequence(null);
            for (int i = 0; i < frames; i++) {
                BufferedImage frame = quarters(64, 48, BufferedImage.TYPE_BYTE_INDEXED);
                IIOMetadata said =
                        writer.getDefaultImageMetadata(
                                ImageTypeSpecifier.createFromRenderedImage(frame), null);
                IIOMetadataNode tree =
                        (IIOMetadataNode) said.getAsTree("javax_imageio_gif_image_1.0");
                ((IIOMetadataNode) tree.getElementsByTagName("GraphicControlExtension").item(0))
                        .setAttribute("delayTime", Integer.toString(10 + i));
                IIOMetadataNode loop = new IIOMetadataNode("ApplicationExtension");
                loop.setAttribute("applicationID", "NETSCAPE");
                loop.setAttribute("authenticationCode", "2.0");
                loop.setUserObject(new byte[] {1, 0, 0});
                IIOMetadataNode extensions = new IIOMetadataNode("ApplicationExtensions");
                extensions.appendChild(loop);
                tree.appendChild(extensions);
                IIOMetadataNode words = new IIOMetadataNode("CommentExtension");
                words.setAttribute("value", comment);
                IIOMetadataNode comments = new IIOMetadataNode("CommentExtensions");
                comments.appendChild(words);
                tree.appendChild(comments);
                said.setFromTree("javax_imageio_gif_image_1.0", tree);
                writer.writeToSequence(new IIOImage(frame, null, said), null);
            }
            writer.endWriteSequence();
        }
        return out.toByteArray();
    }

    // --- what is no picture

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<!DOCTYPE html><html><script>alert(1)</script></html>",
                "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>",
                "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>",
                "<?xml version=\"1.0\"?><?xml-stylesheet href=\"x.xsl\"?><a/>",
                "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY x SYSTEM"
                        + " \"file:///etc/passwd\">]><a>&x;</a>",
                "MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n",
                "#!/bin/sh\nrm -rf /",
                "MZ\u0090\0\u0003\0\0\0",
                "\u007fELF\u0002\u0001\u0001",
                "%!PS-Adobe-3.0",
                "FWS\u0005\0\0",
                "BM\u0010\0\0\0\0\0\0\0\u001a\0\0\0\u000c\0\0\0"
            })
    void what_a_browser_might_run_or_show_is_bytes(String content) {
        byte[] bytes = content.getBytes(ISO_8859_1);

        Kept kept = kept(bytes);

        assertThat(kept.contentType()).isEqualTo("application/octet-stream");
        assertThat(kept.isPicture()).isFalse();
        assertThat(kept.bytes()).isEqualTo(bytes);
    }

    @Test
    void harmless_kinds_are_called_by_their_names() {
        assertThat(kept("Just a note.\n".getBytes(UTF_8)).contentType()).isEqualTo("text/plain");
        assertThat(kept("%PDF-1.7\n".getBytes(UTF_8)).contentType()).isEqualTo("application/pdf");
        assertThat(kept(zip(0)).contentType()).isEqualTo("application/zip");
    }

    @ParameterizedTest
    @ValueSource(strings = {"heic", "heix", "mif1", "avif"})
    void a_photo_that_cannot_be_cleaned_is_not_taken(String brand) {
        refused(("\0\0\0\u0018ftyp" + brand + "\0\0\0\0" + brand + "heic").getBytes(ISO_8859_1));
    }

    // --- what is two things at once

    @Test
    void what_hides_behind_or_inside_a_picture_is_gone() {
        byte[] zip = zip(1);
        byte[] script = "<html><script>alert(1)</script>".getBytes(UTF_8);
        byte[] plain = Photos.jpeg(64, 48);
        byte[] commented =
                joined(
                        Arrays.copyOf(plain, 2),
                        Photos.segment(0xfe, script),
                        Arrays.copyOfRange(plain, 2, plain.length));

        for (byte[] polyglot :
                List.of(
                        joined(plain, zip),
                        joined(plain, script),
                        commented,
                        joined(Photos.png(64, 48), zip),
                        pngWith(Photos.png(64, 48), chunk("tEXt", script)),
                        joined(
                                encoded(quarters(64, 48, BufferedImage.TYPE_BYTE_INDEXED), "gif"),
                                zip),
                        joined(Photos.webp(false, new byte[0]), script))) {
            Kept kept = kept(polyglot);

            assertThat(kept.isPicture()).isTrue();
            assertThat(text(kept.bytes())).doesNotContain("script", "PK\u0003\u0004", "zeros");
            assertThat(seen(decoded(kept.bytes()))).isEqualTo("RGBY");
        }
    }

    @Test
    void a_page_that_begins_like_a_picture_is_no_picture() {
        refused("GIF89a/*<html><script>*/=1;alert(1)".getBytes(UTF_8));
        refused(joined(new byte[] {-1, -40, -1, -32}, "<html><script>".getBytes(UTF_8)));
        refused("RIFF\0\0\0\0WEBP<html><script>".getBytes(UTF_8));
    }

    @Test
    void a_picture_without_its_end_is_refused_or_shown_and_never_a_fault() {
        byte[][] whole = {
            Photos.jpeg(256, 256),
            Photos.png(256, 256),
            encoded(quarters(256, 256, BufferedImage.TYPE_BYTE_INDEXED), "gif"),
            Photos.webp(true, new byte[0])
        };
        for (byte[] picture : whole) {
            for (int i = 12; i < 40; i++) {
                byte[] part = Arrays.copyOf(picture, picture.length * i / 40);
                try {
                    kept(part);
                } catch (Refusal refusal) {
                    assertThat(refusal.field()).hasValue("file");
                }
            }
        }
    }

    @Test
    void a_picture_with_wrong_bytes_in_it_is_refused_or_shown_and_never_a_fault() {
        var random = new Random(7);
        byte[][] whole = {
            Photos.photo(64, 48, 6),
            Photos.png(64, 48),
            encoded(quarters(64, 48, BufferedImage.TYPE_BYTE_INDEXED), "gif"),
            Photos.webp(true, Photos.exif(6))
        };
        for (int i = 0; i < 400; i++) {
            byte[] broken = whole[i % whole.length].clone();
            for (int j = 0; j < 1 + i % 5; j++) {
                broken[12 + random.nextInt(broken.length - 12)] = (byte) random.nextInt();
            }
            try {
                kept(broken);
            } catch (Refusal refusal) {
                assertThat(refusal.field()).hasValue("file");
            }
        }
    }

    // --- bombs

    static Stream<byte[]> pixel_bombs() {
        return Stream.of(
                Photos.hollowPng(60_000, 60_000),
                Photos.hollowPng(Integer.MAX_VALUE, Integer.MAX_VALUE),
                Photos.hollowPng(50_000_001, 1),
                Photos.hollowJpeg(65_500, 65_500),
                Photos.hollowJpeg(65_500, 800),
                Photos.hollowGif(65_535, 65_535),
                hugeWebp());
    }

    private static byte[] hugeWebp() {
        byte[] webp = Photos.webp(false, new byte[0]);
        for (int i = 24; i < 30; i++) {
            webp[i] = (byte) 0x3f;
        }
        return webp;
    }

    @ParameterizedTest
    @MethodSource("pixel_bombs")
    void a_pixel_bomb_is_refused_before_it_is_drawn(byte[] bomb) {
        kept(Photos.jpeg(8, 8));
        long before = allocated();

        refused(bomb);

        assertThat(allocated() - before).isLessThan(40 * MB);
    }

    @Test
    void a_picture_that_is_not_there_is_refused_within_its_bounds() {
        long before = allocated();

        refused(Photos.hollowPng(7_000, 7_000));

        assertThat(allocated() - before).isLessThan(200 * MB);
    }

    @Test
    void texts_that_swell_inside_a_picture_are_not_looked_at() {
        byte[] gigabyte = deflated(new byte[200 * MB]);
        byte[] png =
                pngWith(
                        Photos.png(64, 48),
                        chunk("zTXt", joined("a\0\0".getBytes(ISO_8859_1), gigabyte)),
                        chunk("iCCP", joined("a\0\0".getBytes(ISO_8859_1), gigabyte)),
                        chunk("iTXt", joined("a\0\1\0\0\0".getBytes(ISO_8859_1), gigabyte)));
        long before = allocated();

        assertThat(seen(decoded(kept(png).bytes()))).isEqualTo("RGBY");

        assertThat(allocated() - before).isLessThan(60 * MB);
    }

    @Test
    void an_archive_is_never_unpacked() {
        byte[] bomb = zip(100);
        long before = allocated();

        Kept kept = kept(bomb);

        assertThat(kept.contentType()).isEqualTo("application/zip");
        assertThat(kept.bytes()).isEqualTo(bomb);
        assertThat(allocated() - before).isLessThan(40 * MB);
    }

    @Test
    void a_jpeg_that_draws_itself_thousands_of_times_is_refused() throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam how = writer.getDefaultWriteParam();
        how.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(
                    null,
                    new IIOImage(quarters(64, 48, BufferedImage.TYPE_INT_RGB), null, null),
                    how);
        }
        byte[] progressive = out.toByteArray();
        assertThat(seen(decoded(kept(progressive).bytes()))).isEqualTo("RGBY");
        String drawn = text(progressive);
        int last = drawn.lastIndexOf("\u00ff\u00da");
        String scan = drawn.substring(last, drawn.length() - 2);

        refused(
                (drawn.substring(0, last) + scan.repeat(10_000) + "\u00ff\u00d9")
                        .getBytes(ISO_8859_1));
    }

    @Test
    void a_gif_of_thousands_of_frames_is_refused() throws IOException {
        refused(moving(1_001, ""));
    }

    @Test
    void many_pictures_at_once_are_drawn_few_at_a_time() throws Exception {
        byte[] photo = Photos.jpeg(1_000, 1_000);
        ConcurrentLinkedQueue<Kept> kept = new ConcurrentLinkedQueue<>();
        AtomicLong most = new AtomicLong();
        List<Thread> uploads = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            uploads.add(
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        kept.add(kept(photo));
                                        most.accumulateAndGet(drawing(), Math::max);
                                    }));
        }
        for (Thread upload : uploads) {
            upload.join();
        }

        assertThat(kept).hasSize(24).allMatch(Kept::isPicture);
        assertThat(most.get())
                .isBetween(1L, Math.max(1L, Runtime.getRuntime().availableProcessors() / 2));
    }

    private static long drawing() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("pictures-"))
                .count();
    }

    // --- coming in

    @Test
    void beyond_the_bound_nothing_more_is_read() throws IOException {
        AtomicLong read = new AtomicLong();
        InputStream endless =
                new InputStream() {
                    @Override
                    public int read() {
                        read.incrementAndGet();
                        return 0;
                    }

                    @Override
                    public int read(byte[] into, int offset, int length) {
                        read.addAndGet(length);
                        return length;
                    }
                };

        Refused.as(Refusal.Code.TOO_LARGE, () -> inspector.receive(endless, 3 * MB + 17));

        assertThat(read).hasValue(3 * MB + 18);
        assertThat(left()).isEmpty();
    }

    @Test
    void a_file_as_large_as_may_be_is_taken() throws IOException {
        byte[] file = new byte[MB];
        try (FileInspector.Arrived arrived =
                inspector.receive(new ByteArrayInputStream(file), MB)) {
            assertThat(arrived.size()).isEqualTo(MB);
        }
        Refused.as(
                Refusal.Code.TOO_LARGE,
                () -> inspector.receive(new ByteArrayInputStream(file), MB - 1));
    }

    @Test
    void an_upload_that_breaks_off_is_the_senders_fault_and_leaves_nothing() throws IOException {
        InputStream broken =
                new InputStream() {
                    private int left = 100_000;

                    @Override
                    public int read() throws IOException {
                        if (left-- == 0) {
                            throw new IOException("reset");
                        }
                        return 1;
                    }

                    @Override
                    public int read(byte[] into, int offset, int length) throws IOException {
                        into[offset] = (byte) read();
                        return 1;
                    }
                };

        assertThatThrownBy(() -> inspector.receive(broken, MB)).isInstanceOf(IOException.class);

        assertThat(left()).isEmpty();
    }

    @Test
    void an_upload_takes_no_memory_while_it_arrives() throws IOException {
        byte[] piece = new byte[MB];
        InputStream large =
                Collections.nCopies(64, piece).stream()
                        .map(bytes -> (InputStream) new ByteArrayInputStream(bytes))
                        .reduce(InputStream.nullInputStream(), SequenceInputStream::new);
        long before = allocated();

        try (FileInspector.Arrived arrived = inspector.receive(large, 64 * MB)) {
            assertThat(arrived.size()).isEqualTo(64 * MB);
            arrived.inspect();
        }

        assertThat(allocated() - before).isLessThan(20 * MB);
    }

    @Test
    void a_disk_that_is_full_is_unavailable() throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        try (PictureFileInspector full =
                new PictureFileInspector(
                        folder.resolve("incoming"), 2 * free, new Pictures(1L << 30, 2))) {
            Refused.as(
                    Refusal.Code.UNAVAILABLE,
                    () -> full.receive(new ByteArrayInputStream(new byte[10]), MB));
        }
        assertThat(left()).isEmpty();
    }

    /** In all platform threads, in bytes: what is drawn and what this test does. */
    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getTotalThreadAllocatedBytes();
    }
}
