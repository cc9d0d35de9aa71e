/* SPDX-License-Identifier: Apache-2.0 */
package io.github.dl4jlosses.parity.certificate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.github.dl4jlosses.parity.TorchType;
import io.github.dl4jlosses.parity.exact.AccuracyCases;
import io.github.dl4jlosses.parity.exact.AccuracyRun;
import io.github.dl4jlosses.parity.grid.Configuration;
import io.github.dl4jlosses.parity.grid.Subject;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of HTML as a browser shows it, with every part open. Skipped where the machine has no Chromium. */
class CertificateInBrowserTest {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome", "chrome");
    private static final int SECONDS = 60;
    private static final int EVERY = 20;
    private static final int SAMPLES = 20;

    /** What stays of Markdown that nobody rendered. */
    private static final Pattern MARKS = Pattern.compile("\\*\\*|`|(?m)^\\s*[*-] |\\]\\(");

    /** Two frames show the page, and each tells what it finds there. */
    private static final String FRAMES = """
            <!DOCTYPE html><meta charset="utf-8"><body><script>
            addEventListener('message', event => {
              const found = document.createElement('pre');
              found.textContent = 'FOUND ' + event.data + ' END';
              document.body.append(found);
            });
            </script>
            <iframe src="page.html#all" style="width: 1400px; height: 900px"></iframe>
            <iframe src="page.html#all" style="width: 390px; height: 844px"></iframe>
            """;

    private static final String PROBE = """
            <script>
            setTimeout(() => parent.postMessage(JSON.stringify({
              width: innerWidth,
              overflow: document.documentElement.scrollWidth - innerWidth,
              packed: document.querySelectorAll('[data-packed]').length,
              open: document.querySelectorAll('details[open]').length,
              rows: [...document.querySelectorAll('details')].map(part => part.querySelectorAll('tr').length),
              titles: [...document.querySelectorAll('summary')].map(title => title.textContent),
              headings: [...document.querySelectorAll('h2')].map(heading => heading.textContent),
              pictures: [...document.querySelectorAll('svg')].map(picture => picture.getBoundingClientRect().height),
              listsInTables: document.querySelectorAll('table li').length,
              items: document.querySelectorAll('li').length,
              text: document.body.innerText
            }), '*'), 3000);
            </script>
            """;

    @TempDir
    private static Path folder;

    private static List<JsonObject> found;

    @BeforeAll
    static void show() throws IOException, InterruptedException {
        String html = new Html(findings(), Map.of("seed", "1"), Map.of("date", "today")).text();
        Files.writeString(folder.resolve("page.html"), html.replace("</body>", PROBE + "</body>"));
        Path frames = Files.writeString(folder.resolve("frames.html"), FRAMES);
        String browser = browser();
        assumeThat(browser).as("Chromium or Chrome on the PATH").isNotEmpty();
        Process process = new ProcessBuilder(
                        browser,
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--user-data-dir=" + folder.resolve("profile"),
                        "--virtual-time-budget=10000",
                        "--dump-dom",
                        frames.toUri().toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(folder.resolve("dom.html").toFile())
                .start();
        assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
        String dom = Files.readString(folder.resolve("dom.html"));
        found = Stream.of(dom.split("<pre>FOUND ", -1))
                .skip(1)
                .map(text -> text.substring(0, text.indexOf(" END</pre>")))
                .map(text -> text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
                .map(text -> JsonParser.parseString(text).getAsJsonObject())
                .toList();
        assertThat(found).as("both frames answer").hasSize(2);
    }

    /** A part of the grid, and few numbers: every part of the page has rows. */
    private static Findings findings() {
        CertificateOptions options = CertificateOptions.parse("--short");
        List<Configuration> all = Configuration.grid(TorchType.FLOAT64, TorchType.FLOAT32);
        List<Configuration> some = IntStream.range(0, all.size())
                .filter(i -> i % EVERY == 0)
                .mapToObj(all::get)
                .toList();
        GridRun grid = new GridRun(options, Subject::of, some);
        grid.run(new Progress(grid.cases(), new PrintStream(OutputStream.nullOutputStream(), false, UTF_8)));
        AccuracyRun accuracy = new AccuracyRun();
        AccuracyCases.few(SAMPLES, 1).forEach(accuracy::add);
        return Findings.of(options, grid, List.copyOf(accuracy.series()));
    }

    private static String browser() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .flatMap(path -> NAMES.stream().map(name -> Path.of(path, name)))
                .filter(Files::isExecutable)
                .map(Path::toString)
                .findFirst()
                .orElse("");
    }

    @Test
    void noMarkdownIsLeft() {
        assertThat(found)
                .allSatisfy(page ->
                        assertThat(page.get("text").getAsString()).isNotEmpty().doesNotContainPattern(MARKS));
    }

    @Test
    void nothingIsWiderThanTheWindow() {
        assertThat(found.stream().map(page -> page.get("width").getAsInt())).containsExactlyInAnyOrder(1400, 390);
        assertThat(found)
                .allSatisfy(page -> assertThat(page.get("overflow").getAsInt()).isLessThanOrEqualTo(0));
    }

    @Test
    void everyPartIsThereAndOpens() {
        for (JsonObject page : found) {
            assertThat(page.get("packed").getAsInt()).isZero();
            assertThat(strings(page, "headings"))
                    .contains(
                            "Is every family no further from the exact result than torch?",
                            "In detail",
                            "NaN, infinities, nothing",
                            "Known differences",
                            "Deliberate faults",
                            "What it was made of");
            List<String> titles = strings(page, "titles");
            JsonArray rows = page.getAsJsonArray("rows");
            assertThat(titles).hasSize(6);
            assertThat(page.get("open").getAsInt()).isEqualTo(titles.size());
            for (int i = 0; i < titles.size(); i++) {
                // a row of titles, and those that the summary counts
                String counted = titles.get(i).replaceFirst("^.*, (\\d+) rows$|^.*$", "$1");
                assertThat(rows.get(i).getAsInt())
                        .as(titles.get(i))
                        .isEqualTo(counted.isEmpty() ? 0 : 1 + Integer.parseInt(counted));
            }
        }
    }

    @Test
    void thePicturesAndListsAreThere() {
        for (JsonObject page : found) {
            assertThat(page.getAsJsonArray("pictures"))
                    .hasSize(2)
                    .allSatisfy(height -> assertThat(height.getAsDouble()).isGreaterThan(200));
            assertThat(page.get("listsInTables").getAsInt()).isZero();
            // an answer for each type and each known difference
            assertThat(page.get("items").getAsInt())
                    .isGreaterThanOrEqualTo(2 + KnownDifference.all().size());
        }
    }

    private static List<String> strings(JsonObject page, String name) {
        return page.getAsJsonArray(name).asList().stream()
                .map(JsonElement::getAsString)
                .toList();
    }
}
